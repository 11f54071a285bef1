package io.kanana.data.classify.regression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.statistics.Correlation;
import io.kanana.data.classify.ClassificationReport;
import io.kanana.data.classify.LabelRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How well scores are predicted on documents that the head never saw.
 *
 * @param documents n
 * @param squaredError the mean of the squared differences of predicted and true scores
 * @param squaredErrorOfMean the same of a head that always says the mean of the training scores
 * @param pearson the correlation of predicted and true scores; 0 where either are all the same
 * @param spearman that of their ranks, equal scores having the mean of their ranks
 * @param scale the scale, whose threshold {@code labels} are by
 * @param labels scores that count as {@link LabelRule#HIGH} and {@link LabelRule#LOW} once they are
 *     clamped to the scale and rounded, predicted beside true
 */
record RegressionReport(
    int documents,
    double squaredError,
    double squaredErrorOfMean,
    double pearson,
    double spearman,
    ScoreScale scale,
    ClassificationReport labels) {

  private static final List<String> FIGURES =
      List.of(
          "meanSquaredError",
          "meanSquaredErrorOfMean",
          "pearson",
          "spearman",
          "precision",
          "recall",
          "f1",
          "accuracy");

  /**
   * @param predicted [n], as the head says them
   * @param actual [n]
   * @param mean of the training scores
   */
  static RegressionReport of(double[] predicted, double[] actual, double mean, ScoreScale scale) {
    double[] always = new double[actual.length];
    Arrays.fill(always, mean);
    ClassificationReport labels = new ClassificationReport();
    for (int i = 0; i < actual.length; i++) {
      labels.add(List.of(label(actual[i], scale)), label(predicted[i], scale));
    }
    return new RegressionReport(
        actual.length,
        squaredError(predicted, actual),
        squaredError(always, actual),
        Correlation.pearson(predicted, actual),
        Correlation.spearman(predicted, actual),
        scale,
        labels);
  }

  private static String label(double score, ScoreScale scale) {
    return scale.isHigh(score) ? LabelRule.HIGH : LabelRule.LOW;
  }

  private static double squaredError(double[] predicted, double[] actual) {
    return IntStream.range(0, actual.length)
        .mapToDouble(i -> (predicted[i] - actual[i]) * (predicted[i] - actual[i]))
        .average()
        .orElse(0);
  }

  ClassificationReport.LabelScore high() {
    return labels.label(LabelRule.HIGH);
  }

  /** The report as JSON. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("documents", documents);
    json.put("meanSquaredError", squaredError);
    json.put("meanSquaredErrorOfMean", squaredErrorOfMean);
    json.put("pearson", pearson).put("spearman", spearman);
    json.put("atLeast", scale.atLeast());
    json.put("precision", high().precision()).put("recall", high().recall());
    json.put("f1", high().f1()).put("accuracy", labels.accuracy());
    json.set("labels", labels.json());
    return json;
  }

  /**
   * The figures of a report that {@link #json} was written to, by the names that experiments
   * compare them by.
   *
   * @throws CheckpointException if the file cannot be read or lacks one
   */
  static SortedMap<String, Double> measurements(Path file) {
    SortedMap<String, Double> figures = new TreeMap<>();
    try {
      JsonNode report = new ObjectMapper().readTree(file.toFile());
      for (String key : FIGURES) {
        if (!report.path(key).isNumber()) {
          throw new CheckpointException(file + ": has no number " + key);
        }
        figures.put("held-out." + Names.kebab(key), report.get(key).asDouble());
      }
      return figures;
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The report as lines of a table. */
  List<String> table() {
    return List.of(
        line("documents", String.format(Locale.ROOT, "%,d", documents)),
        line("mean squared error", number(squaredError)),
        line("  of always the mean", number(squaredErrorOfMean)),
        line("Pearson correlation", number(pearson)),
        line("Spearman correlation", number(spearman)),
        line("rounded, at least " + scale.atLeast(), ""),
        line("  precision", number(high().precision())),
        line("  recall", number(high().recall())),
        line("  F1", number(high().f1())),
        line("  accuracy", number(labels.accuracy())));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String line(String what, String value) {
    return String.format(Locale.ROOT, "%-24s %10s", what, value).stripTrailing();
  }
}
