package io.kanana.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How far a figure may be off, as lm-evaluation-harness computes it: to the last digits, its draws
 * included.
 */
public final class StandardError {
  /**
   * Draws that one generator makes; the harness begins a new one, of the next seed, after these.
   */
  private static final int CHUNK = 1000;

  private StandardError() {}

  /**
   * The standard error of a figure; empty where the aggregation has none or there is one example.
   *
   * @param iterations of the bootstrap; with 0 no error is computed at all
   */
  public static OptionalDouble of(Aggregation aggregation, List<Score> scores, int iterations) {
    if (iterations <= 0 || scores.size() < 2) {
      return OptionalDouble.empty();
    }
    return switch (aggregation.errorRule()) {
      case ANALYTIC -> OptionalDouble.of(ofMean(scores));
      case RATIO -> OptionalDouble.of(ofRatio(aggregation.of(scores), scores));
      case BOOTSTRAP -> OptionalDouble.of(bootstrap(aggregation, scores, iterations));
      case NONE -> OptionalDouble.empty();
    };
  }

  private static double ofMean(List<Score> scores) {
    double[] values = scores.stream().mapToDouble(score -> ((Score.Value) score).value()).toArray();
    return deviation(values) / Math.sqrt(values.length);
  }

  /**
   * The error of a ratio of sums, by what each example adds to the difference of quantity and share
   * of weight (Cochran, Sampling Techniques, equation 2.46); that of a mean where all weigh alike.
   */
  private static double ofRatio(double ratio, List<Score> scores) {
    double squares = 0;
    double weight = 0;
    for (Score score : scores) {
      Score.Amount amount = (Score.Amount) score;
      squares += Math.pow(amount.sum() - ratio * amount.weight(), 2);
      weight += amount.weight();
    }
    int n = scores.size();
    return Math.sqrt(squares * n / (n - 1)) / weight;
  }

  /** The sample standard deviation. */
  static double deviation(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }

  private static double bootstrap(Aggregation aggregation, List<Score> scores, int iterations) {
    int chunk = Math.min(CHUNK, iterations);
    double[] figures =
        IntStream.range(0, iterations / chunk)
            .parallel()
            .mapToObj(seed -> draws(aggregation, scores, seed, chunk))
            .flatMapToDouble(java.util.Arrays::stream)
            .toArray();
    return deviation(figures);
  }

  private static double[] draws(Aggregation aggregation, List<Score> scores, int seed, int count) {
    PythonRandom random = new PythonRandom(seed);
    double[] figures = new double[count];
    List<Score> drawn = new ArrayList<>(scores.size());
    for (int i = 0; i < count; i++) {
      drawn.clear();
      for (int index : random.choices(scores.size(), scores.size())) {
        drawn.add(scores.get(index));
      }
      figures[i] = aggregation.of(drawn);
    }
    return figures;
  }

  /** The error of a mean over several tasks that weights each by its number of examples. */
  public static double pooled(double[] errors, int[] sizes) {
    double sum = 0;
    long total = 0;
    for (int i = 0; i < errors.length; i++) {
      sum += (sizes[i] - 1.0) * errors[i] * errors[i] * sizes[i];
      total += sizes[i];
    }
    return Math.sqrt(sum / (total - sizes.length) / total);
  }

  /** The error of the plain mean of several tasks. */
  public static double ofPlainMean(double[] errors) {
    double sum = 0;
    for (double error : errors) {
      sum += error * error;
    }
    return Math.sqrt(sum) / errors.length;
  }
}
