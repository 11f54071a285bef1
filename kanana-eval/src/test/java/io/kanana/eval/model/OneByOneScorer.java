package io.kanana.eval.model;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The plain way: one sequence after the other, each read from its beginning, with all logits. What
 * {@link SharedPrefixScorer} must agree with.
 */
final class OneByOneScorer implements SequenceScorer {
  /** Logits of so many positions are held at once. */
  private static final int CHUNK = 64;

  private final Llama model;
  private long positions;

  OneByOneScorer(Llama model) {
    this.model = model;
  }

  @Override
  public void score(List<Sequence> sequences, Scores scores, BooleanSupplier stop) {
    for (int i = 0; i < sequences.size() && !stop.getAsBoolean(); i++) {
      scores.scored(i, score(sequences.get(i)));
    }
    model.backend().pool().trim();
  }

  @Override
  public long positions() {
    return positions;
  }

  private SequenceScore score(Sequence sequence) {
    int time = sequence.input().length;
    positions += time;
    double sum = 0;
    boolean greedy = true;
    try (Scope scope = model.backend().scope("sequence")) {
      Tape tape = Tape.forwardOnly(model.backend().kernels(), scope);
      TokenInput input = TokenInput.whole(model.backend(), scope, 1, time, sequence.input());
      Tensor hidden = model.hidden(tape, input, false).value();
      for (int begin = 0; begin < sequence.targets().length; begin += CHUNK) {
        int end = Math.min(begin + CHUNK, sequence.targets().length);
        Tensor rows = hidden.slice(sequence.from() + begin, sequence.from() + end);
        float[] logits = model.backend().floats(model.logits(tape, rows));
        for (int i = begin; i < end; i++) {
          int at = (i - begin) * model.config().vocabularySize();
          sum += logProbability(logits, at, sequence.targets()[i]);
          greedy &= largest(logits, at) == sequence.targets()[i];
        }
      }
    }
    return new SequenceScore(sum, greedy);
  }

  private double logProbability(float[] logits, int at, int target) {
    double best = logits[at + largest(logits, at)];
    double sum = 0;
    for (int v = 0; v < model.config().vocabularySize(); v++) {
      sum += Math.exp(logits[at + v] - best);
    }
    return logits[at + target] - best - Math.log(sum);
  }

  private int largest(float[] logits, int at) {
    int best = 0;
    for (int v = 1; v < model.config().vocabularySize(); v++) {
      best = logits[at + v] > logits[at + best] ? v : best;
    }
    return best;
  }
}
