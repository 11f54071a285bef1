package io.kanana.core.train;

import java.time.Instant;
import java.time.InstantSource;
import java.util.SortedMap;

/** Draws the curves of a run into an {@link EventFile}, which stays the caller's to close. */
public final class TensorBoardListener implements TrainingListener {
  private final EventFile file;
  private final InstantSource clock;

  public TensorBoardListener(EventFile file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** The time of a clock as event files have it: seconds since 1970. */
  public static double seconds(InstantSource clock) {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  @Override
  public void stepped(StepReport report) {
    double now = seconds(clock);
    long step = report.step();
    file.scalar(now, step, "train/loss", report.loss());
    report.terms().forEach((term, value) -> file.scalar(now, step, "train/" + term, value));
    file.scalar(now, step, "train/gradient-norm", report.gradientNorm());
    file.scalar(now, step, "train/learning-rate", report.learningRate());
    file.scalar(now, step, "train/skipped", report.updated() ? 0 : 1);
    file.scalar(now, step, "speed/flops-per-second", report.flops() / report.seconds());
    file.scalar(now, step, "speed/seconds-per-step", report.seconds());
    file.scalar(now, step, "progress/tokens", (double) report.tokens());
  }

  @Override
  public void evaluated(HeldOutReport report) {
    double now = seconds(clock);
    heldOut(now, "held-out", report);
    report.domains().forEach((name, domain) -> heldOut(now, "held-out-" + name, domain));
  }

  @Override
  public void measured(String event, long step, SortedMap<String, Double> figures) {
    double now = seconds(clock);
    figures.forEach((name, value) -> file.scalar(now, step, event + "/" + name, value));
  }

  private void heldOut(double now, String group, HeldOutReport report) {
    file.scalar(now, report.step(), group + "/loss", report.loss());
    file.scalar(now, report.step(), group + "/bits-per-byte", report.bitsPerByte());
  }
}
