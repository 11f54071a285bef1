package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;

/**
 * The divergence of one row of student's logits from a teacher's, and its gradient. With p the
 * student's distribution, q the teacher's, r = log p - log q and m their mixture, the gradient by
 * the student's logits is
 *
 * <pre>
 * forward          p - q
 * reverse          p (r - sum p r)
 * Jensen-Shannon   (1 - beta) p (log p/m - sum p log p/m)
 * </pre>
 *
 * all of which are p (slope x + level) - share q.
 *
 * @param withCrossEntropy whether what the cross entropy adds to p is taken along
 */
record DivergenceRow(DistillationLoss loss, boolean withCrossEntropy) {
  /**
   * Working memory for a row of n logits: exponentials of both sides, two more rows, and the
   * student's log-sum-exp.
   */
  static long bytes(int n) {
    return 16L * n + 8;
  }

  /** The log-sum-exp of the student's logits over the temperature, after {@link #apply}. */
  static double logSumExp(long scratch, int n) {
    return Lanes.f64(scratch + 16L * n);
  }

  /** What the gradient is made of. */
  private record Slopes(double value, double slope, double level, double share) {}

  /**
   * @param student n logits; become their gradient, unless {@code gradient} is false
   * @param teacher n logits
   * @param factor what both are multiplied by
   * @param scratch {@link #bytes}
   * @return the divergence
   */
  double apply(long student, long teacher, int n, float factor, long scratch, boolean gradient) {
    long p = scratch;
    long q = p + 4L * n;
    float maxP = HeadKernels.exponentials(student, p, n, factor);
    float maxQ = HeadKernels.exponentials(teacher, q, n, factor);
    double sumP = HeadKernels.sum(p, n);
    double sumQ = HeadKernels.sum(q, n);
    double logSumP = maxP + Math.log(sumP);
    float shift = (float) (logSumP - (maxQ + Math.log(sumQ)));
    long r = q + 4L * n;
    boolean forward = loss.divergence() == Divergence.FORWARD;
    Slopes slopes =
        forward
            ? forward(student, teacher, q, n, factor, shift, sumQ)
            : others(student, teacher, scratch, n, factor, shift, sumP, sumQ);
    if (gradient) {
      double scale = loss.divergenceScale() / loss.temperature();
      HeadKernels.combine(
          p,
          forward ? p : r, // a forward slope has none of it
          q,
          student,
          n,
          (float) (scale * slopes.slope / sumP),
          (float) ((scale * slopes.level + crossEntropySlope(logSumP)) / sumP),
          (float) (scale * slopes.share / sumQ));
    }
    Lanes.f64(scratch + 16L * n, logSumP);
    return slopes.value;
  }

  private double crossEntropySlope(double logSumExp) {
    return withCrossEntropy ? loss.crossEntropyScale() * (1 + 2 * loss.zLoss() * logSumExp) : 0;
  }

  /** The commonest, in fewer passes over the row. */
  private static Slopes forward(
      long student, long teacher, long q, int n, float factor, float shift, double sumQ) {
    double sum = HeadKernels.weightedLogRatio(q, student, teacher, n, factor, shift);
    return new Slopes(-sum / sumQ, 0, 1, 1);
  }

  private Slopes others(
      long student,
      long teacher,
      long scratch,
      int n,
      float factor,
      float shift,
      double sumP,
      double sumQ) {
    long p = scratch;
    long q = p + 4L * n;
    long r = q + 4L * n;
    HeadKernels.logRatio(student, teacher, r, n, factor, shift);
    if (loss.divergence() == Divergence.JENSEN_SHANNON) {
      return mixed(p, q, r, n, sumP, sumQ);
    }
    double reverse = HeadKernels.dot(p, r, n) / sumP;
    if (loss.divergence() == Divergence.REVERSE) {
      return new Slopes(reverse, 1, -reverse, 0);
    }
    double forward = -HeadKernels.dot(q, r, n) / sumQ;
    return new Slopes((forward + reverse) / 2, 0.5, (1 - reverse) / 2, 0.5);
  }

  /** Leaves log p/m in the place of r, and log m/q behind it. */
  private Slopes mixed(long p, long q, long r, int n, double sumP, double sumQ) {
    double beta = loss.teacherShare();
    long a = r + 4L * n;
    HeadKernels.negatedSize(r, a, n);
    Exponential.apply(a, a, n, 1, 0);
    HeadKernels.mixture(r, a, n, (float) beta);
    Logarithm.apply(a, a, n);
    HeadKernels.logsToMixture(r, a, n);
    double ofTeacher = -HeadKernels.dot(q, a, n) / sumQ;
    double ofStudent = HeadKernels.dot(p, r, n) / sumP;
    double weight = 1 - beta;
    return new Slopes(beta * ofTeacher + weight * ofStudent, weight, -weight * ofStudent, 0);
  }
}
