package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.array;
import static io.kanana.core.tensor.nd4j.Cuts.matrix;
import static io.kanana.core.tensor.nd4j.Cuts.vector;

import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels of the back end: elements, products and tables here, the rest by family. */
final class Nd4jKernels implements Kernels {
  /** Elements that are widened to F64 at a time. */
  private static final int WIDENED = 1 << 20;

  private final TensorBackend backend;
  private final Nd4jLayers layers;
  private final Nd4jAttention attention;
  private final Nd4jHeads heads;
  private final Nd4jDistillation distillation;

  Nd4jKernels(TensorBackend backend) {
    this.backend = backend;
    this.layers = new Nd4jLayers(backend);
    this.attention = new Nd4jAttention(backend);
    this.heads = new Nd4jHeads(backend);
    this.distillation = new Nd4jDistillation(backend);
  }

  @Override
  public void fill(Tensor out, double value) {
    if (out.size() > 0) {
      vector(out).assign(value);
    }
  }

  @Override
  public void copy(Tensor source, Tensor out) {
    if (out.size() > 0) {
      vector(out).assign(vector(source));
    }
  }

  @Override
  public void add(Tensor x, Tensor out) {
    if (out.size() > 0) {
      Ops.add(vector(out), vector(x), vector(out));
    }
  }

  @Override
  public void scale(Tensor x, double factor) {
    if (x.size() > 0) {
      vector(x).muli(factor);
    }
  }

  @Override
  public void sumOfSquares(Tensor x, Tensor sum) {
    int size = Math.toIntExact(x.size());
    Tensor row = x.reshape(size);
    for (int first = 0; first < size; first += WIDENED) {
      try (Temporaries temporaries = new Temporaries(backend)) {
        Tensor part = row.slice(first, Math.min(size, first + WIDENED));
        INDArray squares = array(temporaries.tensor(DType.F64, part.dim(0)));
        INDArray total = array(temporaries.tensor(DType.F64, 1));
        squares.assign(array(part));
        Ops.multiply(squares, squares, squares);
        Ops.sum(squares, 0, total);
        Ops.add(vector(sum), total, vector(sum));
      }
    }
  }

  @Override
  public void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray left = temporaries.f32(a);
      INDArray right = temporaries.f32(b);
      Ops.matmul(left, transposeA, right, transposeB, 1, accumulate ? 1 : 0, array(out));
    }
  }

  @Override
  public void gatherRows(Tensor table, Tensor rows, Tensor out) {
    Indices.check(backend, "gatherRows", rows, 0, table.dim(0));
    if (rows.size() > 0) {
      Ops.gather(array(table), vector(rows), matrix(out));
    }
  }

  @Override
  public void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    Indices.check(backend, "scatterAddRows", rows, 0, dTable.dim(0));
    if (rows.size() > 0) {
      Ops.scatterAdd(array(dTable), vector(rows), matrix(dOut));
    }
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      int size = Math.toIntExact(weight.size());
      INDArray theta = vector(weight);
      INDArray m = vector(moment1);
      INDArray v = vector(moment2);
      INDArray term = temporaries.f32(size);
      INDArray divisor = temporaries.f32(size);
      vector(gradient).mul(step.gradientScale() * (1 - step.beta1()), term);
      m.muli(step.beta1());
      Ops.add(m, term, m);
      Ops.multiply(vector(gradient), vector(gradient), term);
      term.muli(step.gradientScale() * step.gradientScale() * (1 - step.beta2()));
      v.muli(step.beta2());
      Ops.add(v, term, v);
      v.mul(1 / step.correction2(), divisor);
      Ops.sqrt(divisor);
      divisor.addi(step.epsilon());
      m.mul(step.learningRate() / step.correction1(), term);
      Ops.divide(term, divisor, term);
      theta.muli(1 - step.shrink());
      Ops.subtract(theta, term, theta);
      if (compute != null) {
        vector(compute).assign(theta);
      }
    }
  }

  @Override
  public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    if (x.size() > 0) {
      layers.rmsNorm(x, weight, epsilon, out, inverseRms);
    }
  }

  @Override
  public void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    if (x.size() > 0) {
      layers.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight);
    }
  }

  @Override
  public void rope(
      Tensor x, int count, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    Indices.check(backend, "rope", positions, 0, table.dim(0));
    if (x.size() > 0) {
      layers.rope(x, count, positions, table, inverse, out);
    }
  }

  @Override
  public void swiGlu(Tensor gateUp, Tensor out) {
    if (out.size() > 0) {
      layers.swiGlu(gateUp, out);
    }
  }

  @Override
  public void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    if (dOut.size() == 0) {
      return;
    }
    try (Temporaries temporaries = new Temporaries(backend)) {
      Tensor result = temporaries.likeF32(dGateUp);
      layers.swiGluBackward(dOut, gateUp, result);
      temporaries.putBack(result, dGateUp);
    }
  }

  @Override
  public void attention(
      AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      Tensor result = temporaries.likeF32(out);
      attention.forward(shape, temporaries.inF32(qkv), starts, result, logSumExp);
      temporaries.putBack(result, out);
    }
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
    try (Temporaries temporaries = new Temporaries(backend)) {
      Tensor projections = temporaries.inF32(qkv);
      Tensor outputs = temporaries.inF32(out);
      attention.backward(shape, dOut, projections, starts, outputs, logSumExp, dQkv);
    }
  }

  @Override
  public void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    attention.cached(shape, qkv, keys, values, lengths, out);
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
    Indices.check(backend, "linearCrossEntropy", targets, IGNORED, weight.dim(0));
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
    Indices.check(backend, "linearDivergence", targets, IGNORED, weight.dim(0));
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
    Indices.check(backend, "linearTopDivergence", targets, IGNORED, weight.dim(0));
    distillation.byTop(
        loss,
        rest,
        hidden,
        weight,
        new Nd4jDistillation.Top(ids, logProbabilities, logRest),
        targets,
        sums,
        dHidden,
        dWeight);
  }

  @Override
  public void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    Indices.check(backend, "linearLogProbabilities", targets, IGNORED, weight.dim(0));
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
    Indices.check(backend, "linearLogProbabilitiesBackward", targets, IGNORED, weight.dim(0));
    heads.logProbabilitiesBackward(dOut, hidden, weight, targets, logSumExp, dHidden, dWeight);
  }
}
