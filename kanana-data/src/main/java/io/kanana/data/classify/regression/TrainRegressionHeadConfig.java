package io.kanana.data.classify.regression;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.ComputeConfig;
import io.kanana.data.classify.edu.DocumentScorer;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the job {@code train-regression-head}.
 *
 * @param output where everything goes
 * @param seed of the order of documents, and of the first weights of hidden layers
 * @param model the directory of the language model whose hidden states are read; it stays as it is
 * @param maxTokens of a document; the rest is left out
 * @param data the documents
 * @param scores who says how good a document is
 * @param scale of the scores
 * @param head the network and its training
 * @param compute what the language model is computed by; ND4J has as many threads
 */
public record TrainRegressionHeadConfig(
    Path output,
    long seed,
    Path model,
    int maxTokens,
    Data data,
    DocumentScorer.Config scores,
    ScoreScale scale,
    HeadOptions head,
    ComputeConfig compute)
    implements JobConfig {
  public TrainRegressionHeadConfig {
    Check.that(maxTokens >= 1, "max-tokens", "must be at least 1, got %s", maxTokens);
  }

  /**
   * @param documents sources, one after the other
   * @param heldOutShare the share of documents that is only measured on
   */
  public record Data(List<DocumentSource.Config> documents, double heldOutShare) {
    public Data {
      Check.that(!documents.isEmpty(), "documents", "must name at least one source");
      Check.that(
          heldOutShare > 0 && heldOutShare < 1,
          "held-out-share",
          "must lie between 0 and 1, got %s",
          heldOutShare);
    }
  }
}
