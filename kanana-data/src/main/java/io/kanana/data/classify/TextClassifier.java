package io.kanana.data.classify;

import io.kanana.core.error.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A linear classifier of texts: the mean of the vectors of a text's words, character n-grams and
 * word n-grams, then a linear layer (Joulin et al., "Bag of Tricks for Efficient Text
 * Classification", 2017). Its predictions are those of fastText for the same model.
 *
 * <p>A text is read as one line: line breaks separate words as blanks do. As with fastText, white
 * space beyond ASCII is part of a word, and a token {@code </s>} ends the text.
 *
 * <p>Immutable, and safe for use by several threads at once; a {@link Session} saves one thread the
 * allocation of working memory.
 */
public final class TextClassifier {
  private final LinearModel model;
  private final Featurizer featurizer;
  private final OutputLayer output;
  private final WordSums sums;
  private final List<String> labels;

  TextClassifier(LinearModel model) {
    this.model = model;
    this.featurizer = new Featurizer(model);
    this.output = new OutputLayer(model);
    this.sums = WordSums.of(model, featurizer);
    this.labels = model.vocabulary().labelNames();
  }

  /**
   * Reads a classifier: a directory that a job wrote, or a model of fastText, {@code .bin} or
   * {@code .ftz}.
   *
   * @throws CheckpointException if it cannot be read, or is damaged
   */
  public static TextClassifier read(Path path) {
    Path file = Files.isDirectory(path) ? ClassifierDirectory.modelFile(path) : path;
    return new TextClassifier(FastTextReader.read(file));
  }

  /** All labels, the most frequent in training first. */
  public List<String> labels() {
    return labels;
  }

  /** How many words have vectors of their own. */
  public int words() {
    return model.vocabulary().words();
  }

  LinearModel model() {
    return model;
  }

  /** A new session for one thread. */
  public Session session() {
    return new Session();
  }

  /**
   * The labels of a text by falling probability.
   *
   * @param most how many at most
   * @param threshold those that are less probable are left out
   * @return empty where nothing of the text is known to the model
   */
  public List<ScoredLabel> predict(String text, int most, double threshold) {
    return session().predict(text, most, threshold);
  }

  /** The most probable label, or null where nothing of the text is known to the model. */
  public ScoredLabel top(String text) {
    return session().top(text);
  }

  /** Predicts one text after the other; for one thread. */
  public final class Session {
    private final Features features = new Features();
    private final float[] hidden = new float[DenseRows.stride(model.input().dimensions())];
    private final float[] scores = new float[labels.size()];
    private final float[] lanes = new float[DenseRows.LANES];

    private Session() {}

    /** See {@link TextClassifier#predict}. */
    public List<ScoredLabel> predict(String text, int most, double threshold) {
      return best(text, most, threshold).named(labels);
    }

    /** See {@link TextClassifier#top}. */
    public ScoredLabel top(String text) {
      List<ScoredLabel> best = predict(text, 1, 0);
      return best.isEmpty() ? null : best.getFirst();
    }

    /**
     * The probability of one label, 0 where nothing of the text is known to the model.
     *
     * @param label its place in {@link TextClassifier#labels}
     */
    public double score(String text, int label) {
      BestLabels best = best(text, labels.size(), 0);
      for (int i = 0; i < best.count(); i++) {
        if (best.label(i) == label) {
          return best.probability(i);
        }
      }
      return 0;
    }

    private BestLabels best(String text, int most, double threshold) {
      BestLabels best = new BestLabels(Math.clamp(most, 1, labels.size()), threshold);
      if (average(text.getBytes(StandardCharsets.UTF_8))) {
        output.predict(hidden, scores, lanes, best);
      }
      return best;
    }

    /** Whether there was anything. */
    private boolean average(byte[] text) {
      featurizer.read(text, sums == null ? null : sums.known(), features);
      Arrays.fill(hidden, 0);
      model.input().addRows(features.rows(), features.count(), hidden);
      long rows = features.count() + (sums == null ? 0 : sums.addWords(features, hidden));
      for (int i = 0; i < hidden.length; i++) {
        hidden[i] /= Math.max(1, rows);
      }
      return rows > 0;
    }

    /** The mean of a text's rows, of {@code dimensions} numbers. */
    float[] mean(String text) {
      average(text.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hidden, model.input().dimensions());
    }
  }
}
