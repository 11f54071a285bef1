package io.kanana.eval.metric;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the log-likelihoods of the choices of one question are worth, by every metric of
 * lm-evaluation-harness. The largest value is the choice, the first of equal ones.
 *
 * @param choices the answers, without the delimiter before them
 * @param logLikelihoods of each after the question
 * @param greedy whether each is what the model would say itself
 * @param unconditional log-likelihoods of each after nothing; empty where they were not asked for
 * @param gold the right ones, at least one
 */
public record ChoiceScores(
    List<String> choices,
    List<Double> logLikelihoods,
    List<Boolean> greedy,
    List<Double> unconditional,
    List<Integer> gold) {
  /** The metrics there are, and what puts the scores of each together unless a task says so. */
  public static final Map<String, Aggregation> AGGREGATIONS =
      Map.of(
          "acc", Aggregations.MEAN,
          "acc_norm", Aggregations.MEAN,
          "acc_bytes", Aggregations.MEAN,
          "acc_mutual_info", Aggregations.MEAN,
          "exact_match", Aggregations.MEAN,
          "f1", Aggregations.F1,
          "mcc", Aggregations.MATTHEWS,
          "brier_score", Aggregations.BRIER_SCORE);

  /** The metric that needs the choices after nothing as well. */
  public static final String MUTUAL_INFORMATION = "acc_mutual_info";

  public ChoiceScores {
    choices = List.copyOf(choices);
    logLikelihoods = List.copyOf(logLikelihoods);
    greedy = List.copyOf(greedy);
    unconditional = List.copyOf(unconditional);
    gold = List.copyOf(gold);
  }

  /** The scores of the metrics that are asked for, which are among {@link #AGGREGATIONS}. */
  public Map<String, Score> of(Set<String> metrics) {
    Map<String, Score> scores = new LinkedHashMap<>();
    metrics.forEach(metric -> scores.put(metric, of(metric)));
    return scores;
  }

  private Score of(String metric) {
    return switch (metric) {
      case "acc" -> right(logLikelihoods::get);
      case "acc_norm" -> right(i -> logLikelihoods.get(i) / characters(choices.get(i)));
      case "acc_bytes" -> right(i -> logLikelihoods.get(i) / bytes(choices.get(i)));
      case MUTUAL_INFORMATION -> right(i -> logLikelihoods.get(i) - unconditional.get(i));
      case "exact_match" -> new Score.Value(gold.stream().anyMatch(greedy::get) ? 1 : 0);
      case "f1", "mcc" -> new Score.Classes(gold.getFirst(), best(logLikelihoods::get));
      case "brier_score" -> new Score.Distribution(gold.getFirst(), softmax(logLikelihoods));
      default -> throw new IllegalArgumentException(metric);
    };
  }

  private Score right(IntToDoubleFunction value) {
    return new Score.Value(gold.contains(best(value)) ? 1 : 0);
  }

  private int best(IntToDoubleFunction value) {
    int best = 0;
    for (int i = 1; i < choices.size(); i++) {
      best = value.applyAsDouble(i) > value.applyAsDouble(best) ? i : best;
    }
    return best;
  }

  /** The choice that is most likely as it stands. */
  public int chosen() {
    return best(logLikelihoods::get);
  }

  private static double characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static double bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Probabilities in proportion to exp(x). */
  static List<Double> softmax(List<Double> x) {
    double largest = x.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double[] powers = x.stream().mapToDouble(value -> Math.exp(value - largest)).toArray();
    double sum = IntStream.range(0, powers.length).mapToDouble(i -> powers[i]).sum();
    List<Double> probabilities = new ArrayList<>();
    for (double power : powers) {
      probabilities.add(power / sum);
    }
    return probabilities;
  }
}
