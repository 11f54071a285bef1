package io.kanana.data.classify;

import io.kanana.core.error.DataException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.random.RandomKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Trains a {@link TextClassifier} as {@code fasttext supervised} does: stochastic gradient descent,
 * one text after the other, at a rate that falls to zero. Unlike fastText it reads the texts in a
 * new order in each epoch, so their order in a file does not matter, and works in one thread, so
 * the same texts and key give the same bits.
 *
 * <p>Texts are read twice and then held as numbers, 4 bytes for each word and n-gram.
 */
public final class ClassifierTrainer {
  /** Told of each finished epoch. */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = (epoch, loss) -> {};

    /**
     * @param epoch from 1
     * @param loss mean over the texts, each before its update
     */
    void epoch(int epoch, double loss);
  }

  private final ClassifierOptions options;
  private final RandomKey key;
  private final BooleanSupplier stopped;

  /**
   * @param key of the first weights and the order of texts
   * @param stopped asked between texts whether to give up
   */
  public ClassifierTrainer(ClassifierOptions options, RandomKey key, BooleanSupplier stopped) {
    this.options = options;
    this.key = key;
    this.stopped = stopped;
  }

  /** A trainer that is never stopped. */
  public ClassifierTrainer(ClassifierOptions options, RandomKey key) {
    this(options, key, () -> false);
  }

  /**
   * @return null if it was stopped
   * @throws DataException if no text has a label
   * @throws NumericalException if the loss is not finite
   */
  public TextClassifier train(LabelledTexts texts, Listener listener) {
    VocabularyBuilder builder = new VocabularyBuilder();
    texts.forEach(
        (text, labels) -> {
          if (!labels.isEmpty()) {
            builder.addText(text.getBytes(StandardCharsets.UTF_8));
            labels.forEach(builder::addLabel);
          }
        });
    Vocabulary vocabulary = builder.build(options.minCount());
    if (vocabulary.labels() == 0) {
      throw new DataException("no text has a label; a classifier learns from labelled texts");
    }
    LinearModel model = untrained(vocabulary);
    List<Example> examples = encode(texts, builder.labelNumbers(), new Featurizer(model));
    return new Run(model, examples).train(listener) ? new TextClassifier(model) : null;
  }

  private record Example(int[] rows, int[] labels) {}

  private LinearModel untrained(Vocabulary vocabulary) {
    long rows = (long) vocabulary.words() + options.usedBuckets();
    if (DenseRows.size(rows, options.dimensions()) > DenseRows.LARGEST) {
      throw new DataException(
          rows
              + " words and buckets of "
              + options.dimensions()
              + " dimensions are more than an array holds; use fewer buckets or dimensions,"
              + " or a larger min-count");
    }
    DenseRows input = new DenseRows((int) rows, options.dimensions());
    fill(input);
    return new LinearModel(
        options.wordNgrams(),
        options.minSubword(),
        options.maxSubword(),
        options.loss(),
        vocabulary,
        Buckets.all(options.usedBuckets(), vocabulary.words()),
        input,
        new DenseRows(vocabulary.labels(), options.dimensions()));
  }

  /** Uniform within one over the dimensions. */
  private void fill(DenseRows input) {
    RandomKey weights = key.child("weights");
    int dimensions = input.dimensions();
    float bound = 1f / dimensions;
    for (int row = 0; row < input.rows(); row++) {
      int at = input.at(row);
      for (int i = 0; i < dimensions; i++) {
        double drawn = weights.uniform((long) row * dimensions + i);
        input.values()[at + i] = (float) (2 * drawn - 1) * bound;
      }
    }
  }

  private static List<Example> encode(
      LabelledTexts texts, Map<String, Integer> numbers, Featurizer featurizer) {
    List<Example> examples = new ArrayList<>();
    Features features = new Features();
    texts.forEach(
        (text, labels) -> {
          if (!labels.isEmpty()) {
            featurizer.read(text.getBytes(StandardCharsets.UTF_8), null, features);
            int[] targets = labels.stream().mapToInt(numbers::get).toArray();
            examples.add(new Example(features.copy(), targets));
          }
        });
    examples.removeIf(example -> example.rows.length == 0);
    return examples;
  }

  private final class Run {
    private final List<Example> examples;
    private final DenseRows input;
    private final OutputTraining output;
    private final float[] hidden;
    private final float[] gradient;

    Run(LinearModel model, List<Example> examples) {
      this.examples = examples;
      this.input = (DenseRows) model.input();
      this.output =
          new OutputTraining(
              (DenseRows) model.output(), model.loss(), model.vocabulary().labelCounts());
      this.hidden = new float[DenseRows.stride(options.dimensions())];
      this.gradient = new float[hidden.length];
    }

    boolean train(Listener listener) {
      long total = (long) options.epochs() * examples.size();
      long done = 0;
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        double sum = 0;
        for (int place : order(epoch)) {
          if (stopped.getAsBoolean()) {
            return false;
          }
          double rate = options.learningRate() * (1 - (double) done / total);
          sum += step(examples.get(place), done++, (float) rate);
        }
        report(listener, epoch, sum / Math.max(1, examples.size()));
      }
      return true;
    }

    private void report(Listener listener, int epoch, double loss) {
      if (!Double.isFinite(loss)) {
        throw new NumericalException(
            "epoch " + epoch + ": the mean loss is " + loss + "; use a smaller learning-rate");
      }
      listener.epoch(epoch, loss);
    }

    /** Fisher and Yates. */
    private int[] order(int epoch) {
      RandomKey own = key.child("order").child(epoch);
      int[] order = new int[examples.size()];
      for (int i = 0; i < order.length; i++) {
        int other = own.below(i, i + 1);
        order[i] = order[other];
        order[other] = i;
      }
      return order;
    }

    private double step(Example example, long index, float rate) {
      int[] rows = example.rows;
      float share = 1f / rows.length;
      Arrays.fill(hidden, 0);
      Arrays.fill(gradient, 0);
      input.addRows(rows, rows.length, hidden);
      scale(hidden, share);
      int chosen =
          example.labels.length == 1 ? 0 : key.child("label").below(index, example.labels.length);
      float loss = output.step(hidden, gradient, example.labels, chosen, rate);
      scale(gradient, share);
      input.addToRows(gradient, rows, rows.length);
      return loss;
    }

    private static void scale(float[] vector, float factor) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= factor;
      }
    }
  }
}
