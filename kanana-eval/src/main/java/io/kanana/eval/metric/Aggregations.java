package io.kanana.eval.metric;

import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.statistics.Correlation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The aggregations of lm-evaluation-harness and what their errors are there, with the macro F1 of
 * KoBEST, a weighted mean and Spearman's rank correlation besides.
 */
public enum Aggregations implements Aggregation {
  MEAN("mean", ErrorRule.ANALYTIC),
  MEDIAN("median", ErrorRule.BOOTSTRAP),
  /** Sum of quantities over sum of weights, as of instructions in prompts. */
  WEIGHTED_MEAN("weighted_mean", ErrorRule.RATIO),
  /** exp(-mean) of log-likelihoods. */
  PERPLEXITY("perplexity", ErrorRule.BOOTSTRAP),
  /** exp(-sum of log-likelihoods / sum of weights), the weights being words or bytes. */
  WEIGHTED_PERPLEXITY("weighted_perplexity", ErrorRule.NONE),
  BITS_PER_BYTE("bits_per_byte", ErrorRule.NONE),
  /** F1 of class 1, of two classes. */
  F1("f1", ErrorRule.BOOTSTRAP),
  /** The plain mean of the F1 of every class that occurs, right or chosen. */
  MACRO_F1("macro_f1", ErrorRule.NONE),
  /** The correlation of right and chosen classes, of any number of them (Gorodkin, 2004). */
  MATTHEWS("matthews_corrcoef", ErrorRule.BOOTSTRAP),
  /** Squared distance of the probabilities to the right answer (Brier, 1950). */
  BRIER_SCORE("brier_score", ErrorRule.NONE),
  /** Rank correlation; equal figures share the mean of their ranks (Spearman, 1904). */
  SPEARMAN("spearman", ErrorRule.BOOTSTRAP);

  private final String label;
  private final ErrorRule errorRule;

  Aggregations(String label, ErrorRule errorRule) {
    this.label = label;
    this.errorRule = errorRule;
  }

  /**
   * The aggregation of a name.
   *
   * @throws ConfigException if there is none
   */
  public static Aggregation named(String name) {
    return Arrays.stream(values())
        .filter(aggregation -> aggregation.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "aggregation",
                    "unknown aggregation \""
                        + name
                        + "\"; "
                        + Names.suggestion(
                            name,
                            Arrays.stream(values())
                                .map(aggregation -> aggregation.label)
                                .toList())));
  }

  @Override
  public double of(List<Score> scores) {
    return switch (this) {
      case MEAN -> mean(scores);
      case MEDIAN -> median(scores);
      case WEIGHTED_MEAN -> weightedMean(scores);
      case PERPLEXITY -> Math.exp(-mean(scores));
      case WEIGHTED_PERPLEXITY -> Math.exp(-weightedMean(scores));
      case BITS_PER_BYTE -> -weightedMean(scores) / Math.log(2);
      case F1 -> binaryF1(scores);
      case MACRO_F1 -> macroF1(scores);
      case MATTHEWS -> matthews(scores);
      case BRIER_SCORE -> brier(scores);
      case SPEARMAN -> spearman(scores);
    };
  }

  @Override
  public ErrorRule errorRule() {
    return errorRule;
  }

  @Override
  public String label() {
    return label;
  }

  private static <S extends Score> S as(Class<S> kind, Score score) {
    if (kind.isInstance(score)) {
      return kind.cast(score);
    }
    throw new ConfigException(
        "aggregation",
        String.format(
            Locale.ROOT,
            "takes scores that are %s, but the metric gives %s; choose another aggregation",
            Names.kebab(kind.getSimpleName()),
            Names.kebab(score.getClass().getSimpleName())));
  }

  private static <S extends Score> List<S> all(Class<S> kind, List<Score> scores) {
    return scores.stream().map(score -> as(kind, score)).toList();
  }

  private static double mean(List<Score> scores) {
    double sum = 0;
    for (Score score : scores) {
      sum += as(Score.Value.class, score).value();
    }
    return sum / scores.size();
  }

  /** The upper one of two middles. */
  private static double median(List<Score> scores) {
    double[] values =
        all(Score.Value.class, scores).stream().mapToDouble(Score.Value::value).sorted().toArray();
    return values[values.length / 2];
  }

  private static double weightedMean(List<Score> scores) {
    double sum = 0;
    double weight = 0;
    for (Score.Amount amount : all(Score.Amount.class, scores)) {
      sum += amount.sum();
      weight += amount.weight();
    }
    return sum / weight;
  }

  private static double binaryF1(List<Score> scores) {
    int right = 0;
    int marked = 0;
    for (Score score : scores) {
      Score.Classes classes = as(Score.Classes.class, score);
      if ((classes.gold() | classes.predicted()) >>> 1 != 0) {
        throw new ConfigException(
            "metric f1",
            String.format(
                Locale.ROOT,
                "is of the two classes 0 and 1, got %d and %d; use aggregation: macro_f1",
                classes.gold(),
                classes.predicted()));
      }
      right += classes.gold() & classes.predicted();
      marked += classes.gold() + classes.predicted();
    }
    return marked == 0 ? 0 : 2.0 * right / marked;
  }

  private static double macroF1(List<Score> scores) {
    List<Score.Classes> all = all(Score.Classes.class, scores);
    Set<Integer> classes = new TreeSet<>();
    all.forEach(score -> classes.addAll(List.of(score.gold(), score.predicted())));
    double sum = 0;
    for (int each : classes) {
      long gold = all.stream().filter(score -> score.gold() == each).count();
      long predicted = all.stream().filter(score -> score.predicted() == each).count();
      long both =
          all.stream().filter(score -> score.gold() == each && score.predicted() == each).count();
      sum += 2.0 * both / (gold + predicted);
    }
    return sum / classes.size();
  }

  private static double matthews(List<Score> scores) {
    Map<Integer, long[]> counts = new HashMap<>();
    long right = 0;
    for (Score.Classes score : all(Score.Classes.class, scores)) {
      counts.computeIfAbsent(score.gold(), key -> new long[2])[0]++;
      counts.computeIfAbsent(score.predicted(), key -> new long[2])[1]++;
      right += score.gold() == score.predicted() ? 1 : 0;
    }
    double n = scores.size();
    double together = right * n;
    double goldSpread = n * n;
    double predictedSpread = n * n;
    for (long[] count : counts.values()) {
      together -= (double) count[0] * count[1];
      goldSpread -= (double) count[0] * count[0];
      predictedSpread -= (double) count[1] * count[1];
    }
    double spread = Math.sqrt(goldSpread) * Math.sqrt(predictedSpread);
    return spread == 0 ? 0 : together / spread;
  }

  private static double brier(List<Score> scores) {
    double sum = 0;
    for (Score.Distribution score : all(Score.Distribution.class, scores)) {
      for (int i = 0; i < score.probabilities().size(); i++) {
        double wanted = i == score.gold() ? 1 : 0;
        sum += Math.pow(score.probabilities().get(i) - wanted, 2);
      }
    }
    return sum / scores.size();
  }

  private static double spearman(List<Score> scores) {
    List<Score.Figures> all = all(Score.Figures.class, scores);
    return Correlation.spearman(
        all.stream().mapToDouble(Score.Figures::gold).toArray(),
        all.stream().mapToDouble(Score.Figures::predicted).toArray());
  }
}
