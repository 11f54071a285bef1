package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.block;
import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.cut;
import static io.kanana.core.tensor.nd4j.Cuts.matrix;
import static io.kanana.core.tensor.nd4j.Cuts.vector;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Normalisation, rotary positions and the gated unit. */
final class Nd4jLayers {
  private final TensorBackend backend;

  Nd4jLayers(TensorBackend backend) {
    this.backend = backend;
  }

  void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray in = matrix(x);
      INDArray r = column(inverseRms);
      INDArray y = temporaries.f32(x.rows(), x.dim(-1));
      Ops.multiply(in, in, y);
      Ops.sum(y, 1, r);
      r.divi(x.dim(-1));
      r.addi(epsilon);
      Ops.inverseSqrt(r);
      Ops.multiply(in, r, y);
      Ops.multiply(y, vector(weight), y);
      matrix(out).assign(y);
    }
  }

  /** With g = dOut * weight: dX += r g - x r^3 mean(g x), dWeight += sum of dOut x r. */
  void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      int rows = x.rows();
      int width = x.dim(-1);
      INDArray in = matrix(x);
      INDArray r = column(inverseRms);
      INDArray gradient = temporaries.f32(rows, width);
      INDArray product = temporaries.f32(rows, width);
      INDArray shrink = temporaries.f32(rows, 1);
      Ops.multiply(matrix(dOut), vector(weight), gradient);
      Ops.multiply(gradient, r, gradient);
      Ops.multiply(gradient, in, product);
      Ops.sum(product, 1, shrink);
      Ops.multiply(shrink, r, shrink);
      Ops.multiply(shrink, r, shrink);
      shrink.divi(width);
      Ops.multiply(in, shrink, product);
      Ops.subtract(gradient, product, gradient);
      Ops.add(matrix(dX), gradient, matrix(dX));

      if (dWeight == null) {
        return;
      }
      INDArray sum = temporaries.f32(1, width);
      Ops.multiply(matrix(dOut), in, product);
      Ops.multiply(product, r, product);
      Ops.sum(product, 0, sum);
      INDArray dW = matrix(dWeight.reshape(1, width));
      Ops.add(dW, sum, dW);
    }
  }

  void rope(Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      Tensor turned = temporaries.likeF32(out);
      temporaries.putBack(x, turned);
      rotate(turned, heads, positions, table, inverse);
      temporaries.putBack(turned, out);
    }
  }

  private void rotate(Tensor x, int heads, Tensor positions, Tensor table, boolean inverse) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      int rows = x.rows();
      int half = table.dim(1) / 2;
      Tensor turns = temporaries.tensor(DType.F32, rows, 2 * half);
      Ops.gather(matrix(table), vector(positions), matrix(turns));
      INDArray cos = ofEveryHead(turns, 0, 1, half);
      INDArray sin = ofEveryHead(turns, half, 1, half);
      INDArray x1 = ofEveryHead(x, 0, heads, half);
      INDArray x2 = ofEveryHead(x, half, heads, half);
      INDArray x1Sin = temporaries.f32(rows, heads, half);
      INDArray x2Sin = temporaries.f32(rows, heads, half);
      Ops.multiply(x1, sin, x1Sin);
      Ops.multiply(x2, sin, x2Sin);
      Ops.multiply(x1, cos, x1);
      Ops.multiply(x2, cos, x2);
      if (inverse) {
        Ops.add(x1, x2Sin, x1);
        Ops.subtract(x2, x1Sin, x2);
      } else {
        Ops.subtract(x1, x2Sin, x1);
        Ops.add(x2, x1Sin, x2);
      }
    }
  }

  /** Half of each head: [N, heads, D / 2]. */
  private static INDArray ofEveryHead(Tensor x, int first, int heads, int half) {
    long[] shape = {x.rows(), heads, half};
    return cut(x, first, shape, new long[] {x.dim(-1), 2L * half, 1});
  }

  void swiGlu(Tensor gateUp, Tensor out) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      int rows = out.rows();
      int width = out.dim(-1);
      INDArray gate = block(gateUp, 0, rows, width);
      INDArray y = temporaries.f32(rows, width);
      Ops.sigmoid(gate, y);
      Ops.multiply(y, gate, y);
      Ops.multiply(y, block(gateUp, width, rows, width), y);
      matrix(out).assign(y);
    }
  }

  /** d silu(g) = s (1 + g (1 - s)), with s = sigmoid(g). */
  void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      int rows = dOut.rows();
      int width = dOut.dim(-1);
      INDArray gate = block(gateUp, 0, rows, width);
      INDArray s = temporaries.f32(rows, width);
      INDArray product = temporaries.f32(rows, width);
      Ops.sigmoid(gate, s);
      Ops.multiply(gate, s, product);
      Ops.multiply(product, matrix(dOut), block(dGateUp, width, rows, width));

      s.rsub(1, product);
      Ops.multiply(product, gate, product);
      product.addi(1);
      Ops.multiply(product, s, product);
      Ops.multiply(product, block(gateUp, width, rows, width), product);
      Ops.multiply(product, matrix(dOut), block(dGateUp, 0, rows, width));
    }
  }
}
