package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Losses of a student by a teacher, one row of logits at a time. */
final class ReferenceDistillation {
  /** A teacher's probabilities of a row, of which a student's outcomes are made the same way. */
  private interface Teacher {
    /** Log-probabilities of its outcomes. */
    double[] logs();

    /** The student's log-probabilities of these outcomes, from those of all tokens. */
    double[] outcomes(double[] student);

    /**
     * The gradient by all logits over the temperature, from that by the outcomes' logits.
     *
     * @param student log-probabilities of all tokens
     */
    double[] spread(double[] byOutcome, double[] student);
  }

  /** Every token is an outcome. */
  private record Whole(double[] logs) implements Teacher {
    @Override
    public double[] outcomes(double[] student) {
      return student;
    }

    @Override
    public double[] spread(double[] byOutcome, double[] student) {
      return byOutcome;
    }
  }

  /** Some tokens are outcomes, and with {@code bucket} all others are one together. */
  private record Top(double[] logs, int[] ids, boolean bucket) implements Teacher {
    static Top of(TeacherRest rest, int[] ids, double[] listed, double logRest) {
      if (rest == TeacherRest.DROPPED) {
        return new Top(normalised(listed), ids, false);
      }
      double[] logs = Arrays.copyOf(listed, listed.length + 1);
      logs[listed.length] = rest == TeacherRest.BUCKET ? logRest : Double.NEGATIVE_INFINITY;
      return new Top(normalised(logs), ids, true);
    }

    private double[] others(double[] student) {
      double[] others = student.clone();
      Arrays.stream(ids).forEach(id -> others[id] = Double.NEGATIVE_INFINITY);
      return others;
    }

    @Override
    public double[] outcomes(double[] student) {
      double[] outcomes = new double[logs.length];
      for (int j = 0; j < ids.length; j++) {
        outcomes[j] = student[ids[j]];
      }
      if (bucket) {
        outcomes[ids.length] = ReferenceHeads.logSumExp(others(student));
      }
      return normalised(outcomes);
    }

    @Override
    public double[] spread(double[] byOutcome, double[] student) {
      double[] gradient = new double[student.length];
      if (bucket) {
        double[] shares = normalised(others(student));
        for (int v = 0; v < gradient.length; v++) {
          gradient[v] = byOutcome[ids.length] * Math.exp(shares[v]);
        }
      }
      for (int j = 0; j < ids.length; j++) {
        gradient[ids[j]] = byOutcome[j];
      }
      return gradient;
    }
  }

  private final DistillationLoss loss;
  private final View hidden;
  private final View weight;
  private final View sums;
  private final View dHidden;
  private final View dWeight;

  ReferenceDistillation(
      DistillationLoss loss, View hidden, View weight, View sums, View dHidden, View dWeight) {
    this.loss = loss;
    this.hidden = hidden;
    this.weight = weight;
    this.sums = sums;
    this.dHidden = dHidden;
    this.dWeight = dWeight;
  }

  private static double[] normalised(double[] logits) {
    return ReferenceHeads.logSoftmax(logits, 1);
  }

  void byAll(View teacherHidden, View teacherWeight, int[] targets) {
    run(
        targets,
        row -> {
          double[] logits = ReferenceHeads.logits(teacherHidden, teacherWeight, row);
          return new Whole(ReferenceHeads.logSoftmax(logits, loss.temperature()));
        });
  }

  void byTop(TeacherRest rest, int[] ids, View logProbabilities, View logRest, int[] targets) {
    int k = logProbabilities.columns();
    TeacherRest others = k == weight.rows() ? TeacherRest.DROPPED : rest;
    run(
        targets,
        row -> {
          double[] listed =
              IntStream.range(0, k).mapToDouble(j -> logProbabilities.get(row, j)).toArray();
          int[] tokens = Arrays.copyOfRange(ids, row * k, (row + 1) * k);
          return Top.of(others, tokens, listed, logRest.get(row));
        });
  }

  private void run(int[] targets, IntFunction<Teacher> teachers) {
    if (dHidden != null) {
      ReferenceHeads.clear(dHidden);
    }
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] != Kernels.IGNORED) {
        double[] logits = ReferenceHeads.logits(hidden, weight, row);
        double[] dLogits = new double[logits.length];
        addDivergence(logits, teachers.apply(row), dLogits);
        addCrossEntropy(logits, targets[row], dLogits);
        if (dHidden != null) {
          ReferenceHeads.backward(dLogits, hidden, weight, row, dHidden, dWeight);
        }
      }
    }
  }

  private void addCrossEntropy(double[] logits, int target, double[] dLogits) {
    double lse = ReferenceHeads.logSumExp(logits);
    sums.plus(DistillationLoss.CROSS_ENTROPY, lse - logits[target]);
    sums.plus(DistillationLoss.SQUARED_LOG_Z, lse * lse);
    for (int v = 0; v < dLogits.length; v++) {
      double slope = Math.exp(logits[v] - lse) * (1 + 2 * loss.zLoss() * lse);
      dLogits[v] += loss.crossEntropyScale() * (slope - (v == target ? 1 : 0));
    }
  }

  private void addDivergence(double[] logits, Teacher teacher, double[] dLogits) {
    double[] student = ReferenceHeads.logSoftmax(logits, loss.temperature());
    double[] logP = teacher.outcomes(student);
    double[] logQ = teacher.logs();
    sums.plus(DistillationLoss.DIVERGENCE, value(logP, logQ));
    double[] gradient = teacher.spread(gradient(logP, logQ), student);
    for (int v = 0; v < dLogits.length; v++) {
      dLogits[v] += loss.divergenceScale() * gradient[v] / loss.temperature();
    }
  }

  private double value(double[] logP, double[] logQ) {
    return switch (loss.divergence()) {
      case FORWARD -> divergence(logQ, logP);
      case REVERSE -> divergence(logP, logQ);
      case SYMMETRIC -> (divergence(logQ, logP) + divergence(logP, logQ)) / 2;
      case JENSEN_SHANNON -> {
        double[] logM = mixture(logP, logQ);
        yield loss.teacherShare() * divergence(logQ, logM)
            + (1 - loss.teacherShare()) * divergence(logP, logM);
      }
    };
  }

  /** The gradient by the student's logits. */
  private double[] gradient(double[] logP, double[] logQ) {
    double[] logM = mixture(logP, logQ);
    double[] gradient = new double[logP.length];
    for (int v = 0; v < gradient.length; v++) {
      double p = Math.exp(logP[v]);
      double forward = p - Math.exp(logQ[v]);
      double reverse = term(p, logP[v] - logQ[v] - divergence(logP, logQ));
      gradient[v] =
          switch (loss.divergence()) {
            case FORWARD -> forward;
            case REVERSE -> reverse;
            case SYMMETRIC -> (forward + reverse) / 2;
            case JENSEN_SHANNON ->
                (1 - loss.teacherShare()) * term(p, logP[v] - logM[v] - divergence(logP, logM));
          };
    }
    return gradient;
  }

  /** The logarithm of beta q + (1 - beta) p. */
  private double[] mixture(double[] logP, double[] logQ) {
    double[] mixture = new double[logP.length];
    for (int v = 0; v < mixture.length; v++) {
      double teacher = Math.log(loss.teacherShare()) + logQ[v];
      double student = Math.log(1 - loss.teacherShare()) + logP[v];
      mixture[v] = ReferenceHeads.logSumExp(new double[] {teacher, student});
    }
    return mixture;
  }

  /** sum a (log a - log b), in which what has no probability has no part. */
  private static double divergence(double[] logA, double[] logB) {
    double sum = 0;
    for (int v = 0; v < logA.length; v++) {
      sum += term(Math.exp(logA[v]), logA[v] - logB[v]);
    }
    return sum;
  }

  private static double term(double probability, double log) {
    return probability == 0 ? 0 : probability * log;
  }

  // ---- the teacher's side ---------------------------------------------------------------------

  /** The most probable tokens first. */
  static int[] top(double[] logs, int count) {
    return IntStream.range(0, logs.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer v) -> -logs[v]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The logarithm of what the other tokens have together. */
  static double logRest(double[] logs, int[] top) {
    double[] others = logs.clone();
    Arrays.stream(top).forEach(id -> others[id] = Double.NEGATIVE_INFINITY);
    return top.length == logs.length
        ? NOTHING
        : Math.max(NOTHING, ReferenceHeads.logSumExp(others));
  }

  /** Stands for the logarithm of no probability, so that nothing is infinite. */
  private static final double NOTHING = -1e30;
}
