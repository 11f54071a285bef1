package io.kanana.data.filter.language;

import io.kanana.data.classify.ScoredLabel;
import io.kanana.data.classify.TextClassifier;
import java.nio.file.Path;

/**
 * Asks a classifier whose labels are languages: a model of fastText such as those published for
 * identification, or one trained here. The score is the label's probability.
 */
public final class FastTextIdentifier implements LanguageIdentifier {
  /**
   * Where the classifier is.
   *
   * @param model a model of fastText, {@code .bin} or {@code .ftz}, or a directory that a job wrote
   */
  public record Config(Path model) implements LanguageIdentifier.Config {
    @Override
    public LanguageIdentifier create() {
      return new FastTextIdentifier(TextClassifier.read(model));
    }
  }

  private final TextClassifier classifier;

  FastTextIdentifier(TextClassifier classifier) {
    this.classifier = classifier;
  }

  @Override
  public Guess identify(String text) {
    ScoredLabel top = classifier.top(text);
    return top == null
        ? new Guess(Guess.UNKNOWN, 0)
        : new Guess(top.label(), Math.min(1, top.score()));
  }
}
