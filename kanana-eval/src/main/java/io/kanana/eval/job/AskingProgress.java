package io.kanana.eval.job;

import io.kanana.core.job.JobContext;
import io.kanana.core.train.ProgressLine;
import io.kanana.eval.run.Evaluation;
import java.util.Locale;

/** Tells how far the asking is and how long it will take. */
final class AskingProgress implements Evaluation.Listener {
  private final JobContext context;
  private long begin;
  private long from;

  AskingProgress(JobContext context) {
    this.context = context;
  }

  @Override
  public void at(int done, long work, int all, long allWork, long asked) {
    long now = context.clock().millis();
    if (asked == 0) { // the beginning, or that of a second turn
      from = done;
      begin = now;
    }
    double seconds = Math.max(1, now - begin) / 1e3;
    String left =
        asked == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.1f requests/s, %s left",
                (done - from) / seconds,
                ProgressLine.time((allWork - work) * seconds / asked));
    context
        .progress()
        .status(String.format(Locale.ROOT, "answered %,d of %,d requests%s", done, all, left));
  }
}
