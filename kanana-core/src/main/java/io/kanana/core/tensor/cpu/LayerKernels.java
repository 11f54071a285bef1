package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.WIDTH;
import static io.kanana.core.tensor.cpu.Lanes.broadcast;
import static io.kanana.core.tensor.cpu.Lanes.load;
import static io.kanana.core.tensor.cpu.Lanes.store;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Normalisation, rotary positions and the gated unit, row by row. */
final class LayerKernels {
  /** Into how many sums the rows are cut for dWeight, whatever the number of threads. */
  private static final int WEIGHT_PARTS = 16;

  private final Workers workers;
  private final Scratch partials;

  LayerKernels(Workers workers, Scratch partials) {
    this.workers = workers;
    this.partials = partials;
  }

  /** One row of a part. */
  private interface RowTask {
    void run(int row);
  }

  private void forRows(int rows, int width, RowTask task) {
    int perPart = ElementKernels.rowsPerPart(width);
    workers.run(
        (rows + perPart - 1) / perPart,
        (part, worker) -> {
          int end = Math.min(rows, (part + 1) * perPart);
          for (int row = part * perPart; row < end; row++) {
            task.run(row);
          }
        });
  }

  void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    int width = x.dim(-1);
    long from = CpuMemory.address(x);
    long w = CpuMemory.address(weight);
    long to = CpuMemory.address(out);
    long inverse = CpuMemory.address(inverseRms);
    boolean bf16 = out.dtype() == DType.BF16;
    long outRow = (long) width * out.dtype().bytes();
    forRows(
        x.rows(),
        width,
        row -> {
          long source = from + 4L * width * row;
          float r = (float) (1 / Math.sqrt(sumOfSquares(source, width) / width + epsilon));
          Lanes.f32(inverse + 4L * row, r);
          if (bf16) {
            normaliseBf16(source, w, r, to + outRow * row, width);
          } else {
            normalise(source, w, r, to + outRow * row, width);
          }
        });
  }

  private static double sumOfSquares(long x, int n) {
    FloatVector sum0 = broadcast(0f);
    FloatVector sum1 = broadcast(0f);
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      FloatVector v0 = load(x + 4L * i);
      FloatVector v1 = load(x + 4L * (i + WIDTH));
      sum0 = v0.fma(v0, sum0);
      sum1 = v1.fma(v1, sum1);
    }
    for (; i < n; i += WIDTH) {
      FloatVector v0 = load(x + 4L * i, Lanes.first(n - i));
      sum0 = v0.fma(v0, sum0);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }

  private static void normalise(long x, long weight, float inverse, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      store(load(x + at).mul(inverse).mul(load(weight + at)), out + at);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(n - i);
      store(load(x + at, mask).mul(inverse).mul(load(weight + at, mask)), out + at, mask);
    }
  }

  private static void normaliseBf16(long x, long weight, float inverse, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      Lanes.storeBf16(load(x + at).mul(inverse).mul(load(weight + at)), out + 2L * i);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector scaled = load(x + at, mask).mul(inverse).mul(load(weight + at, mask));
      Lanes.storeBf16(scaled, out + 2L * i, mask);
    }
  }

  void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    int rows = x.rows();
    int width = x.dim(-1);
    long dy = CpuMemory.address(dOut);
    long from = CpuMemory.address(x);
    long w = CpuMemory.address(weight);
    long inverse = CpuMemory.address(inverseRms);
    long dx = CpuMemory.address(dX);
    long sums = partials.bytes(4L * width * WEIGHT_PARTS);
    int perPart = (rows + WEIGHT_PARTS - 1) / WEIGHT_PARTS;
    workers.run(
        WEIGHT_PARTS,
        (part, worker) -> {
          long sum = sums + 4L * width * part;
          Lanes.zero(sum, 4L * width);
          int end = Math.min(rows, (part + 1) * perPart);
          for (int row = part * perPart; row < end; row++) {
            long at = 4L * width * row;
            float r = Lanes.f32(inverse + 4L * row);
            rmsNormBackward(dy + at, from + at, w, r, dx + at, sum, width);
          }
        });
    long dw = CpuMemory.address(dWeight);
    for (int part = 0; part < WEIGHT_PARTS; part++) {
      ElementKernels.add(sums + 4L * width * part, dw, width);
    }
  }

  private static void rmsNormBackward(
      long dOut, long x, long weight, float inverse, long dX, long dWeight, int n) {
    double mean = productOfThree(dOut, x, weight, n) / n;
    float shrink = (float) (mean * inverse * inverse * inverse);
    for (int i = 0; i < n; i += WIDTH) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector dy = load(dOut + at, mask).mul(inverse);
      FloatVector v = load(x + at, mask);
      FloatVector gradient = dy.mul(load(weight + at, mask)).sub(v.mul(shrink));
      store(load(dX + at, mask).add(gradient), dX + at, mask);
      store(dy.fma(v, load(dWeight + at, mask)), dWeight + at, mask);
    }
  }

  private static double productOfThree(long a, long b, long c, int n) {
    FloatVector sum = broadcast(0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      sum = load(a + at).mul(load(c + at)).fma(load(b + at), sum);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(n - i);
      sum = load(a + at, mask).mul(load(c + at, mask)).fma(load(b + at, mask), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  void rope(Tensor x, int heads, Tensor positions, Tensor table, boolean inverse) {
    int rows = x.rows();
    int width = x.dim(-1);
    int headDim = table.dim(1);
    long values = CpuMemory.address(x);
    long indices = CpuMemory.address(positions);
    long angles = CpuMemory.address(table);
    ElementKernels.checkIndices("rope", indices, rows, 0, table.dim(0));
    float sign = inverse ? -1 : 1;
    forRows(
        rows,
        heads * headDim,
        row -> {
          long angle = angles + 4L * headDim * Lanes.i32(indices + 4L * row);
          long head = values + 4L * width * row;
          for (int h = 0; h < heads; h++) {
            rotate(head + 4L * headDim * h, angle, headDim / 2, sign);
          }
        });
  }

  private static void rotate(long x, long table, int half, float sign) {
    long x2 = x + 4L * half;
    long sines = table + 4L * half;
    for (int i = 0; i < half; i += WIDTH) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(half - i);
      FloatVector cos = load(table + at, mask);
      FloatVector sin = load(sines + at, mask).mul(sign);
      FloatVector a = load(x + at, mask);
      FloatVector b = load(x2 + at, mask);
      store(a.mul(cos).sub(b.mul(sin)), x + at, mask);
      store(b.mul(cos).add(a.mul(sin)), x2 + at, mask);
    }
  }

  void swiGlu(Tensor gateUp, Tensor out) {
    int width = out.dim(-1);
    long from = CpuMemory.address(gateUp);
    long to = CpuMemory.address(out);
    boolean bf16 = out.dtype() == DType.BF16;
    long outRow = (long) width * out.dtype().bytes();
    forRows(
        out.rows(),
        width,
        row -> {
          long gate = from + 8L * width * row;
          if (bf16) {
            swiGluBf16(gate, gate + 4L * width, to + outRow * row, width);
          } else {
            swiGlu(gate, gate + 4L * width, to + outRow * row, width);
          }
        });
  }

  private static FloatVector sigmoid(FloatVector x) {
    return broadcast(1f).div(Lanes.exp(x.neg()).add(1f));
  }

  private static void swiGlu(long gate, long up, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector g = load(gate + 4L * i);
      store(g.mul(sigmoid(g)).mul(load(up + 4L * i)), out + 4L * i);
    }
    if (i < n) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector g = load(gate + 4L * i, mask);
      store(g.mul(sigmoid(g)).mul(load(up + 4L * i, mask)), out + 4L * i, mask);
    }
  }

  private static void swiGluBf16(long gate, long up, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector g = load(gate + 4L * i);
      Lanes.storeBf16(g.mul(sigmoid(g)).mul(load(up + 4L * i)), out + 2L * i);
    }
    if (i < n) {
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector g = load(gate + 4L * i, mask);
      Lanes.storeBf16(g.mul(sigmoid(g)).mul(load(up + 4L * i, mask)), out + 2L * i, mask);
    }
  }

  void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    int width = dOut.dim(-1);
    long dy = CpuMemory.address(dOut);
    long from = CpuMemory.address(gateUp);
    long to = CpuMemory.address(dGateUp);
    forRows(
        dOut.rows(),
        width,
        row -> {
          long at = 8L * width * row;
          swiGluBackward(dy + at / 2, from + at, to + at, 4L * width, width);
        });
  }

  /** The up half lies {@code half} bytes behind the gate half, in values and gradients. */
  private static void swiGluBackward(long dOut, long gate, long dGate, long half, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      long at = 4L * i;
      VectorMask<Float> mask = Lanes.first(n - i);
      FloatVector g = load(gate + at, mask);
      FloatVector up = load(gate + half + at, mask);
      FloatVector dy = load(dOut + at, mask);
      FloatVector s = sigmoid(g);
      FloatVector silu = g.mul(s);
      // d silu(g) = s + g s (1 - s)
      FloatVector slope = s.add(silu.sub(silu.mul(s)));
      store(dy.mul(up).mul(slope), dGate + at, mask);
      store(dy.mul(silu), dGate + half + at, mask);
    }
  }
}
