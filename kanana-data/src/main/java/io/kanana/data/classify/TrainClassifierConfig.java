package io.kanana.data.classify;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the job {@code train-classifier}.
 *
 * @param output where everything goes
 * @param seed of the first weights and the order of documents
 * @param data labelled documents
 * @param label where a document's labels come from
 * @param classifier the model and its training
 */
public record TrainClassifierConfig(
    Path output, long seed, Data data, LabelRule label, ClassifierOptions classifier)
    implements JobConfig {
  /**
   * @param documents sources, one after the other
   * @param heldOutShare the share of documents that is only measured on
   */
  public record Data(List<DocumentSource.Config> documents, double heldOutShare) {
    public Data {
      Check.that(!documents.isEmpty(), "documents", "must name at least one source");
      Check.that(
          heldOutShare >= 0 && heldOutShare < 1,
          "held-out-share",
          "must be at least 0 and below 1, got %s",
          heldOutShare);
    }
  }
}
