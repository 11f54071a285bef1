package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.WIDTH;
import static io.kanana.core.tensor.cpu.Lanes.broadcast;
import static io.kanana.core.tensor.cpu.Lanes.load;
import static io.kanana.core.tensor.cpu.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What is computed of one row of logits, in place. */
final class HeadKernels {
  private HeadKernels() {}

  /** The largest of a row, at least -Float.MAX_VALUE. */
  static float max(long row, int n) {
    FloatVector max = broadcast(-Float.MAX_VALUE);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      max = max.max(load(row + 4L * i));
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      result = Math.max(result, Lanes.f32(row + 4L * i));
    }
    return result;
  }

  /** row = exp(row * factor - shift); the sum. */
  static double exp(long row, int n, float factor, float shift) {
    FloatVector sum = broadcast(0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector e = Lanes.exp(load(row + 4L * i).mul(factor).sub(shift));
      store(e, row + 4L * i);
      sum = sum.add(e);
    }
    if (i < n) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector e = Lanes.exp(load(row + 4L * i, mask).mul(factor).sub(shift));
      store(e, row + 4L * i, mask);
      sum = sum.add(e, mask);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** The sum of exp(row * factor - shift), the row unchanged. */
  static double sumOfExp(long row, int n, float factor, float shift) {
    FloatVector sum = broadcast(0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      sum = sum.add(Lanes.exp(load(row + 4L * i).mul(factor).sub(shift)));
    }
    if (i < n) {
      VectorMask<Float> mask = Lanes.first(n - i);
      sum = sum.add(Lanes.exp(load(row + 4L * i, mask).mul(factor).sub(shift)), mask);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /**
   * The divergence of two rows of logits, p of the student and q of the teacher: the sum of p (log
   * p - log q), or with the teacher's as weights of q (log q - log p).
   *
   * @param factor 1 / temperature
   * @param logSumS log-sum-exp of the student's scaled row
   * @param logSumT the same of the teacher's
   */
  static double divergence(
      long student,
      long teacher,
      int n,
      float factor,
      float logSumS,
      float logSumT,
      boolean forward) {
    FloatVector sum = broadcast(0f);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector s = load(student + 4L * i, mask).mul(factor).sub(logSumS);
      FloatVector t = load(teacher + 4L * i, mask).mul(factor).sub(logSumT);
      FloatVector term = forward ? Lanes.exp(t).mul(t.sub(s)) : Lanes.exp(s).mul(s.sub(t));
      sum = sum.add(term, mask);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** student = scale * (p - q): the gradient of the forward divergence by the student's logits. */
  static void forwardGradient(
      long student, long teacher, int n, float factor, float logSumS, float logSumT, float scale) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector s = load(student + 4L * i, mask).mul(factor).sub(logSumS);
      FloatVector t = load(teacher + 4L * i, mask).mul(factor).sub(logSumT);
      store(Lanes.exp(s).sub(Lanes.exp(t)).mul(scale), student + 4L * i, mask);
    }
  }

  /** student = scale * p (log p - log q - divergence): the gradient of the reverse divergence. */
  static void reverseGradient(
      long student,
      long teacher,
      int n,
      float factor,
      float logSumS,
      float logSumT,
      float divergence,
      float scale) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector s = load(student + 4L * i, mask).mul(factor).sub(logSumS);
      FloatVector t = load(teacher + 4L * i, mask).mul(factor).sub(logSumT);
      FloatVector gradient = Lanes.exp(s).mul(s.sub(t).sub(divergence)).mul(scale);
      store(gradient, student + 4L * i, mask);
    }
  }
}
