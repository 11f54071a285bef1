package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.job.JobContext;
import java.nio.file.Path;
import java.util.Map;

/**
 * One run, as an {@link Engine} sees it.
 *
 * @param config the configuration
 * @param context the surroundings, with the configuration as text
 * @param cascade the steps
 * @param work what is kept on disk until the end
 */
public record FilterRun(
    FilterConfig config, JobContext context, Cascade cascade, WorkDirectory work) {
  /** Where records go that are no documents. */
  public Path quarantine() {
    return context.output().resolve("quarantine.jsonl");
  }

  /**
   * Keeps what a stage's decision leaves beside its verdicts. Called before any verdict, so that a
   * run which has all verdicts has this, too.
   *
   * @param nanoseconds that deciding took
   * @param files that the decision has to tell
   */
  public void keep(Stage stage, long nanoseconds, Map<String, ArtefactWriter.Content> files) {
    if (!Artefact.isArtefact(work.decision(stage))) {
      new DecisionReport(nanoseconds).write(work.decision(stage), files);
    }
  }
}
