package io.kanana.data.classify;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The step {@code classifier}: adds what a classifier says of a document to its metadata, and drops
 * those with a low score where a least one is given. Thread-safe.
 */
public final class ClassifierStep implements DocumentTransform {
  /** The one reason it drops for. */
  public static final String REASON = "low-quality-score";

  private final TextClassifier classifier;
  private final Config config;
  private final int label;

  /**
   * Settings of {@code type: classifier}.
   *
   * @param model a classifier's directory, or a model of fastText, {@code .bin} or {@code .ftz}
   * @param label the label whose probability is the score; the most probable one where it is absent
   * @param minScore documents with a lower score are dropped; where it is absent, none are
   * @param field metadata that receives the most probable label; its name followed by {@code Score}
   *     receives the score
   */
  public record Config(Path model, Optional<String> label, OptionalDouble minScore, String field)
      implements CascadeStep.Config {
    public Config {
      Check.that(!field.isBlank(), "field", "must name a field of the metadata");
      Check.that(
          minScore.orElse(0) >= 0 && minScore.orElse(0) <= 1,
          "min-score",
          "must lie in 0 .. 1, got %s",
          minScore.orElse(0));
    }

    @Override
    public CascadeStep create() {
      return new ClassifierStep(TextClassifier.read(model), this);
    }
  }

  /**
   * @throws ConfigException if the classifier has no such label
   */
  ClassifierStep(TextClassifier classifier, Config config) {
    this.classifier = classifier;
    this.config = config;
    this.label = config.label().map(name -> classifier.labels().indexOf(name)).orElse(0);
    if (label < 0) {
      throw new ConfigException(
          "label",
          config.model()
              + " has no label "
              + config.label().orElseThrow()
              + "; it has "
              + String.join(
                  ", ", classifier.labels().subList(0, Math.min(20, classifier.labels().size()))));
    }
  }

  @Override
  public Verdict apply(Document document) {
    TextClassifier.Session session = classifier.session();
    ScoredLabel top = session.top(document.text());
    double score = Math.min(1, score(session, document.text(), top));
    if (config.minScore().isPresent() && score < config.minScore().getAsDouble()) {
      return Verdict.drop(REASON, score);
    }
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    metadata.put(config.field(), top == null ? null : top.label());
    metadata.put(config.field() + "Score", score);
    return Verdict.keep(new Document(document.id(), document.text(), metadata));
  }

  private double score(TextClassifier.Session session, String text, ScoredLabel top) {
    if (top == null) {
      return 0;
    }
    boolean known = config.label().isEmpty() || config.label().get().equals(top.label());
    return known ? top.score() : session.score(text, label);
  }
}
