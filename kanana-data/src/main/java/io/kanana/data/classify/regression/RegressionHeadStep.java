package io.kanana.data.classify.regression;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.train.ComputeConfig;
import io.kanana.data.classify.ClassifierStep;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The step {@code regression-head}: adds the score that a regression head gives a document to its
 * metadata, and drops those with a low score where a least one is given. A document without a token
 * has no score: its field is null, and where a least score is given, it is dropped.
 *
 * <p>It owns the language model until it is closed. Thread-safe: documents go through the model one
 * at a time.
 */
public final class RegressionHeadStep implements DocumentTransform {
  private final DocumentEmbedding embedding;
  private final RegressionHead head;
  private final ScoreScale scale;
  private final Config config;

  /**
   * Settings of {@code type: regression-head}.
   *
   * @param model the directory of the language model that the head was trained with
   * @param head the directory that {@code job: train-regression-head} made
   * @param minScore documents with a lower score are dropped; where it is absent, none are
   * @param field metadata that receives the score, clamped to the scale of the training, not
   *     rounded
   * @param compute what the language model is computed by
   */
  public record Config(
      Path model, Path head, OptionalDouble minScore, String field, ComputeConfig compute)
      implements CascadeStep.Config {
    public Config {
      Check.that(!field.isBlank(), "field", "must name a field of the metadata");
      Check.that(
          !Double.isNaN(minScore.orElse(0)), "min-score", "must be a number, got %s", minScore);
    }

    @Override
    public RegressionHeadStep create() {
      RegressionHeadDirectory.Stored stored = RegressionHeadDirectory.read(head);
      checkScale(stored.scale());
      DocumentEmbedding embedding =
          DocumentEmbedding.open(
              model, stored.maxTokens(), compute, id -> stored.check(head, model, id));
      return new RegressionHeadStep(embedding, stored, this);
    }

    private void checkScale(ScoreScale scale) {
      if (minScore.isPresent() && !scale.contains(minScore.getAsDouble())) {
        throw new ConfigException(
            "min-score",
            String.format(
                Locale.ROOT,
                "must lie on the scale of %s, %d .. %d, got %s",
                head,
                scale.lowest(),
                scale.highest(),
                minScore.getAsDouble()));
      }
    }
  }

  private RegressionHeadStep(
      DocumentEmbedding embedding, RegressionHeadDirectory.Stored stored, Config config) {
    this.embedding = embedding;
    this.head = stored.head();
    this.scale = stored.scale();
    this.config = config;
  }

  @Override
  public Verdict apply(Document document) {
    Optional<Double> score = embedding.of(document.text()).map(row -> scale.clamp(head.score(row)));
    boolean low = score.isEmpty() || score.get() < config.minScore().orElse(score.get());
    if (config.minScore().isPresent() && low) {
      return Verdict.drop(ClassifierStep.REASON, score.orElse(null));
    }
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    metadata.put(config.field(), score.orElse(null));
    return Verdict.keep(new Document(document.id(), document.text(), metadata));
  }

  /** Gives the language model's memory back. */
  @Override
  public void close() {
    embedding.close();
  }
}
