package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.FunnelPage;
import io.kanana.data.filter.stats.Samples;
import io.kanana.data.filter.stats.StepScore;
import io.kanana.data.filter.stats.StepStats;
import io.kanana.data.filter.stats.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what a finished run did, from its artefacts alone: lines, and the page to look at. */
record Summary(FilterConfig config, JobContext context) {
  private static final String PAGE = "funnel.html";

  void tell() {
    Path kept = context.output().resolve(Assembly.KEPT);
    CascadeStats stats = ShardReport.read(kept.resolve(CascadeStats.FILE), CascadeStats.class);
    Samples samples = ShardReport.read(kept.resolve(Samples.FILE), Samples.class);
    List<StepScore> scores =
        stats.trace().hasLabels()
            ? StepScore.of(stats.trace(), stats.stepNames(), config.labels().steps())
            : List.of();
    write(new FunnelPage(stats, samples, scores).html());
    steps(stats);
    scores.stream().filter(score -> score.expected() > 0).forEach(this::score);
    strayFaults(stats);
    line("documents in %s, page to look at: %s", kept, context.output().resolve(PAGE));
  }

  private void steps(CascadeStats stats) {
    Volume read = stats.read();
    stats
        .rejected()
        .forEach(
            (reason, count) ->
                line("%,d records left out: %s (see quarantine.jsonl)", count, reason));
    line("read: %,d documents, %,d bytes", read.documents(), read.bytes());
    for (StepStats step : stats.steps()) {
      line(
          "%s: %,d -> %,d documents (%s dropped), %,d changed, %.1f s",
          step.step(),
          step.in().documents(),
          step.out().documents(),
          share(step.dropped(), step.in().documents()),
          step.changed(),
          step.seconds());
    }
    line(
        "kept: %,d documents (%s), %,d bytes (%s)",
        stats.kept().documents(),
        share(stats.kept().documents(), read.documents()),
        stats.kept().bytes(),
        share(stats.kept().bytes(), read.bytes()));
  }

  private void score(StepScore score) {
    line(
        "faults for %s: %,d of %,d found (recall %.3f, precision %.3f), %,d dropped by other steps",
        score.step(),
        score.found(),
        score.expected(),
        score.recall(),
        score.precision(),
        score.droppedElsewhere());
  }

  /** A label that no step answers for is a mistake, or a step that is not there yet. */
  private void strayFaults(CascadeStats stats) {
    Map<String, String> steps = config.labels().steps();
    stats
        .trace()
        .labels()
        .forEach(
            (label, count) -> {
              String step = steps.getOrDefault(label, label);
              if (label.equals(StepStats.OTHERS)) {
                line("faults not listed: %,d documents, for want of more in fields.listed", count);
              } else if (!stats.stepNames().contains(step)) {
                line(
                    "faults of no step: %,d documents with %s, for want of %s", count, label, step);
              }
            });
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void line(String format, Object... values) {
    context.progress().line(String.format(Locale.ROOT, format, values));
  }

  private void write(String page) {
    Path file = context.output().resolve(PAGE);
    try {
      WholeFile.write(file, page);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }
}
