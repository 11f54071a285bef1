package io.kanana.data.classify.edu;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.data.classify.ClassifierOptions;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the job {@code edu-filter}.
 *
 * @param output where everything goes
 * @param seed of the sample, the first weights and the order of documents
 * @param data the documents that are sampled and mined
 * @param scores who says how good a document is
 * @param sample what is scored in the beginning
 * @param mine what each round adds
 * @param classifier the model and its training
 */
public record EduFilterConfig(
    Path output,
    long seed,
    Data data,
    DocumentScorer.Config scores,
    Sample sample,
    Mine mine,
    ClassifierOptions classifier)
    implements JobConfig {
  /**
   * @param documents sources, one after the other
   */
  public record Data(List<DocumentSource.Config> documents) {
    public Data {
      Check.that(!documents.isEmpty(), "documents", "must name at least one source");
    }
  }

  /**
   * @param size how many documents are drawn
   * @param atLeast a document is positive from this score on
   * @param heldOutShare of the sample, which is only measured on
   */
  public record Sample(int size, double atLeast, double heldOutShare) {
    public Sample {
      Check.that(size >= 2, "size", "must be at least 2, got %s", size);
      Check.that(
          heldOutShare > 0 && heldOutShare < 1,
          "held-out-share",
          "must lie between 0 and 1, got %s",
          heldOutShare);
    }
  }

  /**
   * @param rounds how often positives are mined and the classifier is trained again
   * @param documents the most that a round mines, the most probable ones first
   * @param minScore those that are less probable are not mined
   * @param verify whether mined documents are scored as the sample was, so that those of a low
   *     score become negatives; without it all of them are positives
   * @param maxNegatives for each positive, in training; the rest of the negatives is left out
   */
  public record Mine(
      int rounds, int documents, double minScore, boolean verify, double maxNegatives) {
    public Mine {
      Check.that(rounds >= 0, "rounds", "must be >= 0, got %s", rounds);
      Check.that(documents >= 1, "documents", "must be at least 1, got %s", documents);
      Check.that(
          minScore >= 0 && minScore <= 1, "min-score", "must lie in 0 .. 1, got %s", minScore);
      Check.that(maxNegatives > 0, "max-negatives", "must be > 0, got %s", maxNegatives);
    }
  }
}
