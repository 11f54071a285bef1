package io.kanana.data.classify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well labels are predicted: one prediction a text, which is right where it is among the text's
 * labels. Adds up counts; for one thread.
 */
public final class ClassificationReport {
  private final Map<String, Counts> labels = new TreeMap<>();
  private long texts;
  private long right;

  private static final class Counts {
    private long actual;
    private long predicted;
    private long right;
  }

  /**
   * What is known of one label; a share of nothing is 0.
   *
   * @param actual texts that have it
   * @param predicted texts that were given it
   * @param right those of both
   */
  public record LabelScore(String label, long actual, long predicted, long right) {
    /** Right ones among those predicted. */
    public double precision() {
      return share(right, predicted);
    }

    /** Right ones among those that have the label. */
    public double recall() {
      return share(right, actual);
    }

    /** The harmonic mean of precision and recall. */
    public double f1() {
      return share(2 * right, actual + predicted);
    }
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** The report of a classifier on texts with labels. */
  public static ClassificationReport of(TextClassifier classifier, LabelledTexts texts) {
    ClassificationReport report = new ClassificationReport();
    TextClassifier.Session session = classifier.session();
    texts.forEach(
        (text, labels) -> {
          if (!labels.isEmpty()) {
            ScoredLabel top = session.top(text);
            report.add(labels, top == null ? null : top.label());
          }
        });
    return report;
  }

  /**
   * Counts a text.
   *
   * @param predicted null where nothing was predicted
   */
  public void add(Collection<String> actual, String predicted) {
    texts++;
    actual.forEach(label -> counts(label).actual++);
    if (predicted == null) {
      return;
    }
    counts(predicted).predicted++;
    if (actual.contains(predicted)) {
      counts(predicted).right++;
      right++;
    }
  }

  private Counts counts(String label) {
    return labels.computeIfAbsent(label, name -> new Counts());
  }

  /** How many texts were counted. */
  public long texts() {
    return texts;
  }

  /** The share of texts whose prediction is right. */
  public double accuracy() {
    return share(right, texts);
  }

  /** The mean of the labels' F1, each counting the same. */
  public double macroF1() {
    return labels().stream().mapToDouble(LabelScore::f1).average().orElse(0);
  }

  /** All labels that occurred or were predicted, by name. */
  public List<LabelScore> labels() {
    List<LabelScore> scores = new ArrayList<>();
    labels.forEach(
        (label, counts) ->
            scores.add(new LabelScore(label, counts.actual, counts.predicted, counts.right)));
    return scores;
  }

  /** One label; zeros where it never occurred. */
  public LabelScore label(String name) {
    Counts counts = labels.getOrDefault(name, new Counts());
    return new LabelScore(name, counts.actual, counts.predicted, counts.right);
  }

  /** The report as JSON: {@code texts}, {@code accuracy}, {@code macroF1} and {@code labels}. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("texts", texts).put("accuracy", accuracy()).put("macroF1", macroF1());
    ObjectNode all = json.putObject("labels");
    for (LabelScore score : labels()) {
      all.putObject(score.label())
          .put("texts", score.actual())
          .put("predicted", score.predicted())
          .put("right", score.right())
          .put("precision", score.precision())
          .put("recall", score.recall())
          .put("f1", score.f1());
    }
    return json;
  }

  /** The report as lines of a table. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-20s %10s %10s %10s %10s",
            "label",
            "texts",
            "precision",
            "recall",
            "F1"));
    for (LabelScore score : labels()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-20s %,10d %10.4f %10.4f %10.4f",
              score.label(),
              score.actual(),
              score.precision(),
              score.recall(),
              score.f1()));
    }
    lines.add(
        String.format(
            Locale.ROOT, "accuracy %.4f, mean F1 %.4f of %,d texts", accuracy(), macroF1(), texts));
    return lines;
  }
}
