package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.sigmoid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reward model must be better than: Bradley and Terry's model with a weight for each word
 * and, since Korean words are inflected, for each syllable and each two neighbouring syllables of
 * Hangul. The difference of a pair's counts, of length one, is regressed with an L2 penalty by
 * Nesterov's method from zero, so nothing is drawn. The penalty is the one of a few that does best
 * on a fifth of the training pairs. Immutable.
 */
final class RewardBagOfWords {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+|[^\\s\\p{L}\\p{N}]");
  private static final double[] PENALTIES = {1e-3, 1e-4, 1e-5};
  private static final int ITERATIONS = 300;
  private static final int LEAST_PAIRS = 2;
  private static final int FOLD = 5;

  /** A difference of counts: features in ascending order and their values. */
  private record Difference(int[] features, double[] values) {
    double times(double[] weights) {
      double sum = 0;
      for (int i = 0; i < features.length; i++) {
        sum += weights[features[i]] * values[i];
      }
      return sum;
    }
  }

  private final Map<String, Integer> features;
  private final double[] weights;
  private final double penalty;

  private RewardBagOfWords(Map<String, Integer> features, double[] weights, double penalty) {
    this.features = features;
    this.weights = weights;
    this.penalty = penalty;
  }

  /**
   * @param pairs to train on, at least one
   */
  static RewardBagOfWords train(List<RewardPair> pairs) {
    Map<String, Integer> features = features(pairs);
    List<Difference> differences = new ArrayList<>();
    pairs.forEach(pair -> differences.add(difference(pair, features)));
    double penalty = penalty(differences, features.size());
    return new RewardBagOfWords(features, fit(differences, features.size(), penalty), penalty);
  }

  /** Those in which at least {@link #LEAST_PAIRS} pairs differ, in the order of their names. */
  private static Map<String, Integer> features(List<RewardPair> pairs) {
    Map<String, Integer> found = new TreeMap<>();
    for (RewardPair pair : pairs) {
      counts(pair).keySet().forEach(feature -> found.merge(feature, 1, Integer::sum));
    }
    Map<String, Integer> numbers = new HashMap<>();
    found.forEach(
        (feature, count) -> {
          if (count >= LEAST_PAIRS) {
            numbers.put(feature, numbers.size());
          }
        });
    return numbers;
  }

  /** Chosen minus rejected, without zeros. */
  private static Map<String, Integer> counts(RewardPair pair) {
    Map<String, Integer> counts = new TreeMap<>();
    count(pair.chosen(), 1, counts);
    count(pair.rejected(), -1, counts);
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private static void count(String text, int sign, Map<String, Integer> into) {
    Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (words.find()) {
      String word = words.group();
      into.merge(word, sign, Integer::sum);
      for (int i = 0; i < word.length(); i++) {
        if (isSyllable(word.charAt(i))) {
          into.merge("syllable " + word.charAt(i), sign, Integer::sum);
          if (i > 0 && isSyllable(word.charAt(i - 1))) {
            into.merge("syllables " + word.substring(i - 1, i + 1), sign, Integer::sum);
          }
        }
      }
    }
  }

  private static boolean isSyllable(char c) {
    return c >= '\uAC00' && c <= '\uD7A3';
  }

  private static Difference difference(RewardPair pair, Map<String, Integer> features) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    counts(pair)
        .forEach(
            (feature, count) -> {
              Integer number = features.get(feature);
              if (number != null) {
                values.put(number, (double) count);
              }
            });
    double length = Math.sqrt(values.values().stream().mapToDouble(v -> v * v).sum());
    return new Difference(
        values.keySet().stream().mapToInt(i -> i).toArray(),
        values.values().stream().mapToDouble(v -> v / length).toArray());
  }

  private static double penalty(List<Difference> pairs, int features) {
    List<Difference> trained = new ArrayList<>();
    List<Difference> measured = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      (i % FOLD == FOLD - 1 ? measured : trained).add(pairs.get(i));
    }
    double best = PENALTIES[0];
    long most = -1;
    for (double penalty : PENALTIES) {
      double[] weights = fit(trained, features, penalty);
      long right = measured.stream().filter(pair -> pair.times(weights) > 0).count();
      if (right > most) {
        most = right;
        best = penalty;
      }
    }
    return best;
  }

  /**
   * Minimises the mean of -log s(w x) + penalty / 2 |w|^2. Its gradient changes by at most 1/4 +
   * penalty times a change of w, since |x| = 1, which gives the step.
   */
  private static double[] fit(List<Difference> pairs, int features, double penalty) {
    double step = 1 / (0.25 + penalty);
    double[] weights = new double[features];
    double[] ahead = new double[features];
    for (int k = 0; k < ITERATIONS; k++) {
      double[] gradient = gradient(pairs, ahead, penalty);
      double momentum = k / (k + 3.0);
      for (int i = 0; i < features; i++) {
        double next = ahead[i] - step * gradient[i];
        ahead[i] = next + momentum * (next - weights[i]);
        weights[i] = next;
      }
    }
    return weights;
  }

  private static double[] gradient(List<Difference> pairs, double[] weights, double penalty) {
    double[] gradient = Arrays.stream(weights).map(weight -> penalty * weight).toArray();
    for (Difference pair : pairs) {
      double slope = -sigmoid(-pair.times(weights)) / pairs.size();
      for (int i = 0; i < pair.features.length; i++) {
        gradient[pair.features[i]] += slope * pair.values[i];
      }
    }
    return gradient;
  }

  /** The logarithm of the odds that a pair's chosen answer is the better one. */
  double margin(RewardPair pair) {
    return difference(pair, features).times(weights);
  }

  int featureCount() {
    return weights.length;
  }

  double penalty() {
    return penalty;
  }
}
