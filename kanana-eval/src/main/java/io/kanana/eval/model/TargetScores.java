package io.kanana.eval.model;

import io.kanana.core.autograd.Tape;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Adds up the log-probabilities of targets, pass after pass, and finds out whether each was the
 * most probable token. The sum needs no logits; whether a target is the most probable one is plain
 * where its probability is above 1/2, and cannot be where it is below 1/V. Only between these
 * bounds logits are computed, those of the least probable target of a sequence first, since one
 * that is not the most probable settles its sequence.
 */
final class TargetScores {
  /** A target that follows a row of hidden states. */
  record Target(int sequence, int row, int token) {}

  private record Doubt(Target target, double logProbability) {}

  private static final double SURE = Math.log(0.5);
  private static final int LOGIT_ROWS = 64;
  private static final int PROBABILITY_ROWS = 4096;

  private final Llama model;
  private final double[] sums;
  private final boolean[] greedy;

  TargetScores(Llama model, int sequences) {
    this.model = model;
    this.sums = new double[sequences];
    this.greedy = new boolean[sequences];
    Arrays.fill(greedy, true);
  }

  double sum(int sequence) {
    return sums[sequence];
  }

  boolean greedy(int sequence) {
    return greedy[sequence];
  }

  /**
   * Adds targets of one pass.
   *
   * @param hidden [N, C], normalised
   */
  void add(Tensor hidden, List<Target> targets) {
    List<Doubt> doubts = new ArrayList<>();
    for (int begin = 0; begin < targets.size(); begin += PROBABILITY_ROWS) {
      List<Target> some =
          targets.subList(begin, Math.min(begin + PROBABILITY_ROWS, targets.size()));
      addSome(hidden, some, doubts);
    }
    doubts.removeIf(doubt -> !greedy[doubt.target.sequence]);
    settle(hidden, doubts);
  }

  private void addSome(Tensor hidden, List<Target> targets, List<Doubt> doubts) {
    double impossible = -Math.log(model.config().vocabularySize()) - 1e-3;
    float[] found = logProbabilities(hidden, targets);
    for (int i = 0; i < found.length; i++) {
      Target target = targets.get(i);
      if (!Float.isFinite(found[i])) {
        throw new NumericalException(
            String.format(
                Locale.ROOT,
                "log-probability of token %d is %s; the model's weights or activations overflowed",
                target.token,
                found[i]));
      }
      sums[target.sequence] += found[i];
      if (found[i] < impossible) {
        greedy[target.sequence] = false;
      } else if (found[i] <= SURE) {
        doubts.add(new Doubt(target, found[i]));
      }
    }
  }

  private float[] logProbabilities(Tensor hidden, List<Target> targets) {
    Kernels kernels = model.backend().kernels();
    try (Scope scope = model.backend().scope("targets")) {
      Tensor tokens = scope.allocate(DType.I32, targets.size());
      model.backend().write(targets.stream().mapToInt(Target::token).toArray(), tokens);
      Tensor out = scope.allocate(DType.F32, targets.size());
      Tensor logSumExp = scope.allocate(DType.F32, targets.size());
      kernels.linearLogProbabilities(
          rows(scope, hidden, targets), model.head().compute(), tokens, out, logSumExp);
      return model.backend().floats(out);
    }
  }

  private Tensor rows(Scope scope, Tensor hidden, List<Target> targets) {
    Tensor out = scope.allocate(hidden.dtype(), targets.size(), hidden.dim(1));
    for (int begin = 0; begin < targets.size(); ) {
      int end = begin + 1;
      while (end < targets.size() && targets.get(end).row == targets.get(end - 1).row + 1) {
        end++;
      }
      int row = targets.get(begin).row;
      model.backend().kernels().copy(hidden.slice(row, row + end - begin), out.slice(begin, end));
      begin = end;
    }
    return out;
  }

  /** Looks at the most doubtful target of every sequence in turn. */
  private void settle(Tensor hidden, List<Doubt> doubts) {
    List<Doubt> left = new ArrayList<>(doubts);
    left.sort(
        Comparator.comparingInt((Doubt doubt) -> doubt.target.sequence)
            .thenComparingDouble(Doubt::logProbability));
    while (!left.isEmpty()) {
      List<Target> next = firstOfEach(left);
      for (int begin = 0; begin < next.size(); begin += LOGIT_ROWS) {
        settleSome(hidden, next.subList(begin, Math.min(begin + LOGIT_ROWS, next.size())));
      }
      Set<Target> seen = new HashSet<>(next);
      left.removeIf(doubt -> seen.contains(doubt.target) || !greedy[doubt.target.sequence]);
    }
  }

  private static List<Target> firstOfEach(List<Doubt> sorted) {
    List<Target> first = new ArrayList<>();
    for (Doubt doubt : sorted) {
      if (first.isEmpty() || first.getLast().sequence != doubt.target.sequence) {
        first.add(doubt.target);
      }
    }
    return first;
  }

  private void settleSome(Tensor hidden, List<Target> targets) {
    int vocabulary = model.config().vocabularySize();
    float[] logits;
    try (Scope scope = model.backend().scope("logits")) {
      Tape tape = Tape.forwardOnly(model.backend().kernels(), scope);
      logits = model.backend().floats(model.logits(tape, rows(scope, hidden, targets)));
    }
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      greedy[target.sequence] &= isLargest(logits, i * vocabulary, vocabulary, target.token);
    }
  }

  private static boolean isLargest(float[] logits, int at, int count, int token) {
    float own = logits[at + token];
    for (int v = 0; v < count; v++) {
      if (logits[at + v] > own || (logits[at + v] == own && v < token)) {
        return false;
      }
    }
    return true;
  }
}
