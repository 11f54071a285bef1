package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import io.kanana.posttrain.preference.PairBatches.Placed;

/** What the reference thinks of each pair: sums of log-probabilities over the answers' tokens. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ReferenceLogs(double[] chosen, double[] rejected) {
  public ReferenceLogs {
    if (chosen.length != rejected.length) {
      throw new IllegalArgumentException("chosen and rejected differ in number");
    }
  }

  /** For losses that do without: zeros. */
  public static ReferenceLogs none(int pairs) {
    return new ReferenceLogs(new double[pairs], new double[pairs]);
  }

  /** Fills in the pairs of some rows. */
  void compute(Llama model, PairBatches data, long first, int rows) {
    AnswerSums answers = AnswerSums.of(model, data.batch(first, rows));
    for (Placed placed : data.placed(first, rows)) {
      PairTokens pair = data.pairs().get(placed.pair());
      chosen[placed.pair()] = answers.of(pair.chosen(), placed.chosen());
      rejected[placed.pair()] = answers.of(pair.rejected(), placed.rejected());
    }
  }

  double chosen(int pair) {
    return chosen[pair];
  }

  double rejected(int pair) {
    return rejected[pair];
  }
}
