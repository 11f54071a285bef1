package io.kanana.data.filter.run;

import io.kanana.core.job.JobContext;
import java.util.Locale;

/** Tells how far a stage is. */
final class StageProgress {
  private final JobContext context;
  private final Stage stage;
  private final int stages;
  private final long begin;
  private int shards;
  private long documents;
  private long kept;

  StageProgress(JobContext context, Stage stage, int stages) {
    this.context = context;
    this.stage = stage;
    this.stages = stages;
    this.begin = context.clock().millis();
  }

  void shard(ShardReport report) {
    shards++;
    documents += report.documents();
    kept += report.kept();
    double seconds = Math.max(1, context.clock().millis() - begin) / 1e3;
    context
        .progress()
        .status(
            String.format(
                Locale.ROOT,
                "stage %d of %d: %,d shards, %,d documents, %,d dropped, %,.0f documents/s",
                stage.number() + 1,
                stages,
                shards,
                documents,
                documents - kept,
                documents / seconds));
  }
}
