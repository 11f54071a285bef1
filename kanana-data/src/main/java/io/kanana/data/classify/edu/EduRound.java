package io.kanana.data.classify.edu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.data.classify.ClassificationReport;
import io.kanana.data.classify.ClassificationReport.LabelScore;
import io.kanana.data.classify.LabelRule;
import java.util.Locale;

/**
 * What one round was like.
 *
 * @param number 0 for the first training, on the sample alone
 * @param mined documents that were added before this training
 * @param confirmed those of them that are positives
 * @param positives all that were trained on
 * @param negatives all that were trained on, after those beyond the limit were left out
 * @param report on the held-out part of the sample
 */
record EduRound(
    int number,
    int mined,
    int confirmed,
    int positives,
    int negatives,
    ClassificationReport report) {
  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%5s %8s %9s %9s %9s %8s %9s %9s %9s",
          "round",
          "mined",
          "confirmed",
          "positives",
          "negatives",
          "balance",
          "precision",
          "recall",
          "F1");

  /** The share of positives in training. */
  double balance() {
    return (double) positives / (positives + negatives);
  }

  private LabelScore high() {
    return report.label(LabelRule.HIGH);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%5d %,8d %,9d %,9d %,9d %8.4f %9.4f %9.4f %9.4f",
        number,
        mined,
        confirmed,
        positives,
        negatives,
        balance(),
        high().precision(),
        high().recall(),
        high().f1());
  }

  void json(ObjectNode json) {
    json.put("round", number).put("mined", mined).put("confirmed", confirmed);
    json.put("positives", positives).put("negatives", negatives).put("balance", balance());
    json.put("precision", high().precision()).put("recall", high().recall());
    json.put("f1", high().f1());
    json.set("heldOut", report.json());
  }
}
