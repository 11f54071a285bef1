package io.kanana.benchmarks;

import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Passes every call on and notes how long it took and what it had to do. The times are those of the
 * calls: a back end whose kernels return before they have finished is not measured by this.
 */
final class TimedKernels implements Kernels {
  private final Kernels kernels;
  private final KernelTimes times;
  private final Function<Tensor, int[]> reader;
  private final LongSupplier nanoClock;

  /**
   * @param reader reads an I32 tensor
   */
  TimedKernels(
      Kernels kernels, KernelTimes times, Function<Tensor, int[]> reader, LongSupplier nanoClock) {
    this.kernels = kernels;
    this.times = times;
    this.reader = reader;
    this.nanoClock = nanoClock;
  }

  private void time(String kernel, Work work, Runnable call) {
    long start = nanoClock.getAsLong();
    call.run();
    times.add(kernel, work, (nanoClock.getAsLong() - start) / 1e9);
  }

  @Override
  public void fill(Tensor out, double value) {
    time("fill", Work.streaming(out), () -> kernels.fill(out, value));
  }

  @Override
  public void copy(Tensor source, Tensor out) {
    time("copy", Work.streaming(source, out), () -> kernels.copy(source, out));
  }

  @Override
  public void add(Tensor x, Tensor out) {
    time("add", Work.streaming(x, out, out), () -> kernels.add(x, out));
  }

  @Override
  public void scale(Tensor x, double factor) {
    time("scale", Work.streaming(x, x), () -> kernels.scale(x, factor));
  }

  @Override
  public void sumOfSquares(Tensor x, Tensor sum) {
    time("sumOfSquares", Work.streaming(x), () -> kernels.sumOfSquares(x, sum));
  }

  @Override
  public void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
    time(
        "matmul",
        Work.product(a, transposeA, b, transposeB, out),
        () -> kernels.matmul(a, transposeA, b, transposeB, out, accumulate));
  }

  @Override
  public void gatherRows(Tensor table, Tensor rows, Tensor out) {
    time("gatherRows", Work.streaming(rows, out, out), () -> kernels.gatherRows(table, rows, out));
  }

  @Override
  public void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    time(
        "scatterAddRows",
        Work.streaming(rows, dOut, dOut, dOut),
        () -> kernels.scatterAddRows(dOut, rows, dTable));
  }

  @Override
  public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    time(
        "rmsNorm",
        Work.streaming(x, weight, out, inverseRms),
        () -> kernels.rmsNorm(x, weight, epsilon, out, inverseRms));
  }

  @Override
  public void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    time(
        "rmsNormBackward",
        Work.streaming(dOut, x, weight, inverseRms, dX, dX, dWeight, dWeight),
        () -> kernels.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight));
  }

  @Override
  public void rope(
      Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    double moved =
        x == out
            ? 2.0 * x.rows() * heads * table.dim(1) * Float.BYTES
            : Work.bytes(x) + Work.bytes(out);
    double angles = 1.0 * Math.min(x.rows(), table.dim(0)) * table.dim(1) * Float.BYTES;
    time(
        "rope",
        new Work("", 0, moved + angles + Work.bytes(positions)),
        () -> kernels.rope(x, heads, positions, table, inverse, out));
  }

  @Override
  public void attention(
      AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    time(
        "attention",
        Work.attention(shape, 2, qkv, starts, out, logSumExp),
        () -> kernels.attention(shape, qkv, starts, out, logSumExp));
  }

  @Override
  public void attentionBackward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv) {
    time(
        "attentionBackward",
        Work.attention(shape, 4, dOut, qkv, starts, out, logSumExp, dQkv),
        () -> kernels.attentionBackward(shape, dOut, qkv, starts, out, logSumExp, dQkv));
  }

  @Override
  public void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    time(
        "cachedAttention",
        Work.cachedAttention(shape, keys, reader.apply(lengths), qkv, out),
        () -> kernels.cachedAttention(shape, qkv, keys, values, lengths, out));
  }

  @Override
  public void swiGlu(Tensor gateUp, Tensor out) {
    time("swiGlu", Work.streaming(gateUp, out), () -> kernels.swiGlu(gateUp, out));
  }

  @Override
  public void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    time(
        "swiGluBackward",
        Work.streaming(dOut, gateUp, dGateUp),
        () -> kernels.swiGluBackward(dOut, gateUp, dGateUp));
  }

  @Override
  public void linearCrossEntropy(
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      double scale,
      double zLoss,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    time(
        "linearCrossEntropy",
        Work.head(hidden, weight, products(dHidden), targets, dHidden, dWeight, dWeight),
        () ->
            kernels.linearCrossEntropy(
                hidden, weight, targets, scale, zLoss, sums, dHidden, dWeight));
  }

  /** Logits, and with gradients those by the hidden states and by the weights. */
  private static int products(Tensor dHidden) {
    return dHidden == null ? 1 : 3;
  }

  @Override
  public void linearDivergence(
      DistillationLoss loss,
      Tensor hidden,
      Tensor weight,
      Tensor teacherHidden,
      Tensor teacherWeight,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    Work student = Work.head(hidden, weight, products(dHidden), targets, dHidden, dWeight, dWeight);
    Work teacher = Work.head(teacherHidden, teacherWeight, 1);
    time(
        "linearDivergence",
        new Work(
            student.detail() + " of " + teacher.detail(),
            student.flops() + teacher.flops(),
            student.bytes() + teacher.bytes()),
        () ->
            kernels.linearDivergence(
                loss,
                hidden,
                weight,
                teacherHidden,
                teacherWeight,
                targets,
                sums,
                dHidden,
                dWeight));
  }

  @Override
  public void linearTopProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    time(
        "linearTopProbabilities",
        Work.head(hidden, weight, 1, ids, logProbabilities, logRest),
        () ->
            kernels.linearTopProbabilities(
                hidden, weight, temperature, ids, logProbabilities, logRest));
  }

  @Override
  public void linearTopDivergence(
      DistillationLoss loss,
      TeacherRest rest,
      Tensor hidden,
      Tensor weight,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    time(
        "linearTopDivergence",
        Work.head(
            hidden,
            weight,
            products(dHidden),
            ids,
            logProbabilities,
            logRest,
            targets,
            dHidden,
            dWeight,
            dWeight),
        () ->
            kernels.linearTopDivergence(
                loss,
                rest,
                hidden,
                weight,
                ids,
                logProbabilities,
                logRest,
                targets,
                sums,
                dHidden,
                dWeight));
  }

  @Override
  public void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    time(
        "linearLogProbabilities",
        Work.head(hidden, weight, 1, targets, out, logSumExp),
        () -> kernels.linearLogProbabilities(hidden, weight, targets, out, logSumExp));
  }

  @Override
  public void linearLogProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight) {
    time(
        "linearLogProbabilitiesBackward",
        // the logits once more, then both gradients
        Work.head(hidden, weight, 3, dOut, targets, logSumExp, dHidden, dWeight, dWeight),
        () ->
            kernels.linearLogProbabilitiesBackward(
                dOut, hidden, weight, targets, logSumExp, dHidden, dWeight));
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    time(
        "adamW",
        Work.streaming(weight, weight, gradient, moment1, moment1, moment2, moment2, compute),
        () -> kernels.adamW(step, weight, gradient, moment1, moment2, compute));
  }
}
