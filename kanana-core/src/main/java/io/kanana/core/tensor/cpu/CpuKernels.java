package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;

/** The kernels of the back end, each family in a class of its own. */
final class CpuKernels implements Kernels, AutoCloseable {
  private final MatrixProduct product;
  private final Scratch partials;
  private final Scratch[] scratch;
  private final ElementKernels elements;
  private final LayerKernels layers;
  private final Attention attention;
  private final Heads heads;
  private final Distillation distillation;

  CpuKernels(Workers workers, MatrixProduct product, CpuMemory memory) {
    this.product = product;
    this.partials = new Scratch(memory);
    this.scratch = Scratch.perWorker(memory, workers);
    this.elements = new ElementKernels(workers, partials);
    this.layers = new LayerKernels(workers, partials, scratch);
    this.attention = new Attention(workers, product, partials, scratch);
    this.heads = new Heads(workers, product, memory);
    this.distillation = new Distillation(heads, memory, scratch);
  }

  @Override
  public void close() {
    partials.close();
    for (Scratch block : scratch) {
      block.close();
    }
    heads.close();
    distillation.close();
    product.close();
  }

  @Override
  public void fill(Tensor out, double value) {
    elements.fill(out, value);
  }

  @Override
  public void copy(Tensor source, Tensor out) {
    elements.copy(source, out);
  }

  @Override
  public void add(Tensor x, Tensor out) {
    elements.add(x, out);
  }

  @Override
  public void scale(Tensor x, double factor) {
    elements.scale(x, factor);
  }

  @Override
  public void sumOfSquares(Tensor x, Tensor sum) {
    elements.sumOfSquares(x, sum);
  }

  @Override
  public void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
    product.multiply(
        out.dim(0),
        out.dim(1),
        a.dim(transposeA ? 0 : 1),
        CpuMemory.address(a),
        a.dim(1),
        transposeA,
        CpuMemory.address(b),
        b.dim(1),
        transposeB,
        a.dtype() == DType.BF16,
        CpuMemory.address(out),
        out.dim(1),
        accumulate);
  }

  @Override
  public void gatherRows(Tensor table, Tensor rows, Tensor out) {
    elements.gatherRows(table, rows, out);
  }

  @Override
  public void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    elements.scatterAddRows(dOut, rows, dTable);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    layers.rmsNorm(x, weight, epsilon, out, inverseRms);
  }

  @Override
  public void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    layers.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight);
  }

  @Override
  public void rope(
      Tensor x, int count, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    layers.rope(x, count, positions, table, inverse, out);
  }

  @Override
  public void attention(
      AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    attention.forward(shape, qkv, starts, out, logSumExp);
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
    attention.backward(shape, dOut, qkv, starts, out, logSumExp, dQkv);
  }

  @Override
  public void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    attention.cached(shape, qkv, keys, values, lengths, out);
  }

  @Override
  public void swiGlu(Tensor gateUp, Tensor out) {
    layers.swiGlu(gateUp, out);
  }

  @Override
  public void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    layers.swiGluBackward(dOut, gateUp, dGateUp);
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
    heads.crossEntropy(hidden, weight, targets, scale, zLoss, sums, dHidden, dWeight);
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
    distillation.byAll(
        loss, hidden, weight, teacherHidden, teacherWeight, targets, sums, dHidden, dWeight);
  }

  @Override
  public void linearTopProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    distillation.topProbabilities(hidden, weight, temperature, ids, logProbabilities, logRest);
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
    distillation.byTop(
        loss,
        rest,
        hidden,
        weight,
        new Distillation.Top(ids, logProbabilities, logRest),
        targets,
        sums,
        dHidden,
        dWeight);
  }

  @Override
  public void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    heads.logProbabilities(hidden, weight, targets, out, logSumExp);
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
    heads.logProbabilitiesBackward(dOut, hidden, weight, targets, logSumExp, dHidden, dWeight);
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    elements.adamW(step, weight, gradient, moment1, moment2, compute);
  }
}
