package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Normalisation, rotary positions and the gated unit, row by row. */
final class LayerKernels {
  /** Into how many sums the rows are cut for dWeight, whatever the number of threads. */
  private static final int WEIGHT_PARTS = 16;

  private final Workers workers;
  private final Scratch partials;
  private final Scratch[] rows;

  LayerKernels(Workers workers, Scratch partials, Scratch[] rows) {
    this.workers = workers;
    this.partials = partials;
    this.rows = rows;
  }

  /** One row of a part. */
  private interface RowTask {
    void run(int row, int worker);
  }

  private void forRows(int rows, int width, RowTask task) {
    int perPart = ElementKernels.rowsPerPart(width);
    workers.run(
        (rows + perPart - 1) / perPart,
        (part, worker) -> {
          int end = Math.min(rows, (part + 1) * perPart);
          for (int row = part * perPart; row < end; row++) {
            task.run(row, worker);
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
        (row, worker) -> {
          long source = from + 4L * width * row;
          float r = (float) (1 / Math.sqrt(sumOfSquares(source, width) / width + epsilon));
          Lanes.f32(inverse + 4L * row, r);
          long f32 = bf16 ? rows[worker].bytes(4L * width) : to + outRow * row;
          normalise(source, w, r, f32, width);
          if (bf16) {
            ElementKernels.toBf16(f32, to + outRow * row, width);
          }
        });
  }

  private static double sumOfSquares(long x, int n) {
    FloatVector sum0 = FloatVector.broadcast(F32, 0f);
    FloatVector sum1 = FloatVector.broadcast(F32, 0f);
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      FloatVector v0 = FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER);
      FloatVector v1 = FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * (i + WIDTH), ORDER);
      sum0 = v0.fma(v0, sum0);
      sum1 = v1.fma(v1, sum1);
    }
    for (; i < n; i += WIDTH) {
      FloatVector v0 =
          FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER, F32.indexInRange(0, n - i));
      sum0 = v0.fma(v0, sum0);
    }
    return Lanes.sum(sum0.add(sum1));
  }

  private static void normalise(long x, long weight, float inverse, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER)
          .mul(inverse)
          .mul(FloatVector.fromMemorySegment(F32, MEMORY, weight + at, ORDER))
          .intoMemorySegment(MEMORY, out + at, ORDER);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask)
          .mul(inverse)
          .mul(FloatVector.fromMemorySegment(F32, MEMORY, weight + at, ORDER, mask))
          .intoMemorySegment(MEMORY, out + at, ORDER, mask);
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
    if (dWeight == null) {
      return;
    }
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
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector dy =
          FloatVector.fromMemorySegment(F32, MEMORY, dOut + at, ORDER, mask).mul(inverse);
      FloatVector v = FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask);
      FloatVector gradient =
          dy.mul(FloatVector.fromMemorySegment(F32, MEMORY, weight + at, ORDER, mask))
              .sub(v.mul(shrink));
      FloatVector.fromMemorySegment(F32, MEMORY, dX + at, ORDER, mask)
          .add(gradient)
          .intoMemorySegment(MEMORY, dX + at, ORDER, mask);
      dy.fma(v, FloatVector.fromMemorySegment(F32, MEMORY, dWeight + at, ORDER, mask))
          .intoMemorySegment(MEMORY, dWeight + at, ORDER, mask);
    }
  }

  private static double productOfThree(long a, long b, long c, int n) {
    FloatVector sum = FloatVector.broadcast(F32, 0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + at, ORDER)
              .mul(FloatVector.fromMemorySegment(F32, MEMORY, c + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + at, ORDER), sum);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + at, ORDER, mask)
              .mul(FloatVector.fromMemorySegment(F32, MEMORY, c + at, ORDER, mask))
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + at, ORDER, mask), sum);
    }
    return Lanes.sum(sum);
  }

  void rope(Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    int width = x.dim(-1);
    int headDim = table.dim(1);
    long from = CpuMemory.address(x);
    long to = CpuMemory.address(out);
    long indices = CpuMemory.address(positions);
    long angles = CpuMemory.address(table);
    ElementKernels.checkIndices("rope", indices, x.rows(), 0, table.dim(0));
    boolean bf16 = out.dtype() == DType.BF16;
    long outRow = (long) width * out.dtype().bytes();
    float sign = inverse ? -1 : 1;
    forRows(
        x.rows(),
        width,
        (row, worker) -> {
          long angle = angles + 4L * headDim * Lanes.i32(indices + 4L * row);
          long source = from + 4L * width * row;
          long f32 = bf16 ? rows[worker].bytes(4L * width) : to + outRow * row;
          rotate(source, heads, angle, headDim / 2, sign, f32);
          copyRest(source, heads * headDim, width, f32);
          if (bf16) {
            ElementKernels.toBf16(f32, to + outRow * row, width);
          }
        });
  }

  private static void copyRest(long from, int first, int width, long to) {
    if (from != to) {
      Lanes.copy(from + 4L * first, to + 4L * first, 4L * (width - first));
    }
  }

  private static void rotate(long x, int heads, long table, int half, float sign, long out) {
    for (int i = 0; i < half; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, half - i);
      long at = 4L * i;
      long sines = table + 4L * half;
      FloatVector cos = FloatVector.fromMemorySegment(F32, MEMORY, table + at, ORDER, mask);
      FloatVector sin =
          FloatVector.fromMemorySegment(F32, MEMORY, sines + at, ORDER, mask).mul(sign);
      for (int head = 0; head < heads; head++, at += 8L * half) {
        long second = at + 4L * half;
        FloatVector a = FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask);
        FloatVector b = FloatVector.fromMemorySegment(F32, MEMORY, x + second, ORDER, mask);
        a.mul(cos).sub(b.mul(sin)).intoMemorySegment(MEMORY, out + at, ORDER, mask);
        b.mul(cos).add(a.mul(sin)).intoMemorySegment(MEMORY, out + second, ORDER, mask);
      }
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
        (row, worker) -> {
          long gate = from + 8L * width * row;
          long f32 = bf16 ? rows[worker].bytes(4L * width) : to + outRow * row;
          Exponential.apply(gate, f32, width, -1, 0);
          swiGlu(gate, gate + 4L * width, f32, width);
          if (bf16) {
            ElementKernels.toBf16(f32, to + outRow * row, width);
          }
        });
  }

  /** out = gate / (1 + out) * up, where out was exp(-gate). */
  private static void swiGlu(long gate, long up, long out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      long at = 4L * i;
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector divisor =
          FloatVector.fromMemorySegment(F32, MEMORY, out + at, ORDER, mask).add(1f);
      FloatVector silu =
          FloatVector.fromMemorySegment(F32, MEMORY, gate + at, ORDER, mask).div(divisor);
      FloatVector value =
          FloatVector.fromMemorySegment(F32, MEMORY, up + at, ORDER, mask).mul(silu);
      value.intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    int width = dOut.dim(-1);
    long dy = CpuMemory.address(dOut);
    long from = CpuMemory.address(gateUp);
    long to = CpuMemory.address(dGateUp);
    boolean bf16 = dGateUp.dtype() == DType.BF16;
    forRows(
        dOut.rows(),
        width,
        (row, worker) -> {
          long at = 8L * width * row;
          long f32 = bf16 ? rows[worker].bytes(8L * width) : to + at;
          Exponential.apply(from + at, f32, width, -1, 0);
          swiGluBackward(dy + at / 2, from + at, f32, 4L * width, width);
          if (bf16) {
            ElementKernels.toBf16(f32, to + at / 2, 2 * width);
          }
        });
  }

  /**
   * dGate and dUp, where dGate was exp(-gate). The up half lies {@code half} bytes behind the gate
   * half, in values and gradients.
   */
  private static void swiGluBackward(long dOut, long gate, long dGate, long half, int n) {
    FloatVector one = FloatVector.broadcast(F32, 1f);
    for (int i = 0; i < n; i += WIDTH) {
      long at = 4L * i;
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector g = FloatVector.fromMemorySegment(F32, MEMORY, gate + at, ORDER, mask);
      FloatVector up = FloatVector.fromMemorySegment(F32, MEMORY, gate + half + at, ORDER, mask);
      FloatVector dy = FloatVector.fromMemorySegment(F32, MEMORY, dOut + at, ORDER, mask);
      FloatVector s =
          one.div(FloatVector.fromMemorySegment(F32, MEMORY, dGate + at, ORDER, mask).add(one));
      FloatVector silu = g.mul(s);
      // d silu(g) = s + g s (1 - s)
      FloatVector slope = s.add(silu.sub(silu.mul(s)));
      dy.mul(up).mul(slope).intoMemorySegment(MEMORY, dGate + at, ORDER, mask);
      dy.mul(silu).intoMemorySegment(MEMORY, dGate + half + at, ORDER, mask);
    }
  }
}
