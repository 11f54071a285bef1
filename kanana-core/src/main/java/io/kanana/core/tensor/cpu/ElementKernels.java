package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Operations that take every element, or every row of a table, for itself. */
final class ElementKernels {
  /** Elements per part: small enough to share, large enough to be worth a thread's turn. */
  private static final int PART = 1 << 14;

  private static final int COLUMNS_PER_PART = 64;

  private static final VectorSpecies<Double> F64 =
      VectorSpecies.of(double.class, Lanes.F32.vectorShape());

  private final Workers workers;
  private final Scratch partials;

  ElementKernels(Workers workers, Scratch partials) {
    this.workers = workers;
    this.partials = partials;
  }

  private static int parts(long size) {
    return Math.toIntExact((size + PART - 1) / PART);
  }

  private static int length(long size, int part) {
    return (int) Math.min(PART, size - (long) part * PART);
  }

  void fill(Tensor out, double value) {
    MemorySegment segment = CpuMemory.segment(out);
    switch (out.dtype()) {
      case F32 -> fillF32(out, (float) value);
      case BF16 -> {
        short bits = Lanes.toBf16((float) value);
        for (long i = 0; i < out.size(); i++) {
          segment.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
        }
      }
      case F64 -> {
        for (long i = 0; i < out.size(); i++) {
          segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
        }
      }
      case I32 -> {
        for (long i = 0; i < out.size(); i++) {
          segment.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
        }
      }
    }
  }

  private void fillF32(Tensor out, float value) {
    long address = CpuMemory.address(out);
    long size = out.size();
    workers.run(
        parts(size), (part, worker) -> fill(address + 4L * part * PART, length(size, part), value));
  }

  static void fill(long out, int n, float value) {
    FloatVector vector = FloatVector.broadcast(F32, value);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      vector.intoMemorySegment(MEMORY, out + 4L * i, ORDER);
    }
    if (i < n) {
      vector.intoMemorySegment(MEMORY, out + 4L * i, ORDER, F32.indexInRange(0, n - i));
    }
  }

  void copy(Tensor source, Tensor out) {
    if (source.dtype() == out.dtype()) {
      copyBytes(source, out);
      return;
    }
    long from = CpuMemory.address(source);
    long to = CpuMemory.address(out);
    long size = source.size();
    if (source.dtype() == DType.F32) {
      workers.run(
          parts(size),
          (part, worker) ->
              toBf16(from + 4L * part * PART, to + 2L * part * PART, length(size, part)));
    } else {
      workers.run(
          parts(size),
          (part, worker) ->
              toF32(from + 2L * part * PART, to + 4L * part * PART, length(size, part)));
    }
  }

  private void copyBytes(Tensor source, Tensor out) {
    long from = CpuMemory.address(source);
    long to = CpuMemory.address(out);
    long bytes = source.size() * source.dtype().bytes();
    workers.run(
        parts(bytes),
        (part, worker) -> {
          long start = (long) part * PART;
          Lanes.copy(from + start, to + start, length(bytes, part));
        });
  }

  static void toBf16(long from, long to, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      Lanes.storeBf16(
          FloatVector.fromMemorySegment(F32, MEMORY, from + 4L * i, ORDER), to + 2L * i);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      Lanes.storeBf16(
          FloatVector.fromMemorySegment(F32, MEMORY, from + 4L * i, ORDER, mask),
          to + 2L * i,
          mask);
    }
  }

  static void toF32(long from, long to, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      Lanes.loadBf16(from + 2L * i).intoMemorySegment(MEMORY, to + 4L * i, ORDER);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      Lanes.loadBf16(from + 2L * i, mask).intoMemorySegment(MEMORY, to + 4L * i, ORDER, mask);
    }
  }

  void add(Tensor x, Tensor out) {
    long from = CpuMemory.address(x);
    long to = CpuMemory.address(out);
    long size = x.size();
    workers.run(
        parts(size),
        (part, worker) -> {
          long start = 4L * part * PART;
          add(from + start, to + start, length(size, part));
        });
  }

  static void add(long x, long out, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector.fromMemorySegment(F32, MEMORY, out + 4L * i, ORDER)
          .add(FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER))
          .intoMemorySegment(MEMORY, out + 4L * i, ORDER);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector.fromMemorySegment(F32, MEMORY, out + 4L * i, ORDER, mask)
          .add(FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER, mask))
          .intoMemorySegment(MEMORY, out + 4L * i, ORDER, mask);
    }
  }

  void scale(Tensor x, double factor) {
    long address = CpuMemory.address(x);
    long size = x.size();
    workers.run(
        parts(size),
        (part, worker) -> scale(address + 4L * part * PART, length(size, part), (float) factor));
  }

  static void scale(long x, int n, float factor) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER)
          .mul(factor)
          .intoMemorySegment(MEMORY, x + 4L * i, ORDER);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER, mask)
          .mul(factor)
          .intoMemorySegment(MEMORY, x + 4L * i, ORDER, mask);
    }
  }

  void sumOfSquares(Tensor x, Tensor sum) {
    long address = CpuMemory.address(x);
    long size = x.size();
    long squares = partials.bytes(8L * parts(size));
    workers.run(
        parts(size),
        (part, worker) ->
            Lanes.f64(
                squares + 8L * part, sumOfSquares(address + 4L * part * PART, length(size, part))));
    double total = Lanes.f64(CpuMemory.address(sum));
    for (int part = 0; part < parts(size); part++) {
      total += Lanes.f64(squares + 8L * part);
    }
    Lanes.f64(CpuMemory.address(sum), total);
  }

  private static double sumOfSquares(long x, int n) {
    DoubleVector low = DoubleVector.zero(F64);
    DoubleVector high = DoubleVector.zero(F64);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      FloatVector v = FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER);
      DoubleVector v0 = (DoubleVector) v.convertShape(VectorOperators.F2D, F64, 0);
      DoubleVector v1 = (DoubleVector) v.convertShape(VectorOperators.F2D, F64, 1);
      low = v0.fma(v0, low);
      high = v1.fma(v1, high);
    }
    double sum = 0;
    for (double lane : low.add(high).toDoubleArray()) { // in the same order always: see Lanes.sum
      sum += lane;
    }
    for (; i < n; i++) {
      double v = Lanes.f32(x + 4L * i);
      sum += v * v;
    }
    return sum;
  }

  void gatherRows(Tensor table, Tensor rows, Tensor out) {
    long from = CpuMemory.address(table);
    long ids = CpuMemory.address(rows);
    long to = CpuMemory.address(out);
    long bytes = 4L * table.dim(1);
    int count = Math.toIntExact(rows.size());
    checkIndices("gatherRows", ids, count, 0, table.dim(0));
    int rowsPerPart = rowsPerPart(table.dim(1));
    workers.run(
        (count + rowsPerPart - 1) / rowsPerPart,
        (part, worker) -> {
          int end = Math.min(count, (part + 1) * rowsPerPart);
          for (int i = part * rowsPerPart; i < end; i++) {
            Lanes.copy(from + Lanes.i32(ids + 4L * i) * bytes, to + i * bytes, bytes);
          }
        });
  }

  /** How many rows of a width make a part. */
  static int rowsPerPart(int width) {
    return Math.max(1, PART / Math.max(1, width));
  }

  /** Refuses an index outside [low, high), which would otherwise address memory of others. */
  static void checkIndices(String operation, long ids, int count, int low, int high) {
    for (int i = 0; i < count; i++) {
      int id = Lanes.i32(ids + 4L * i);
      if (id < low || id >= high) {
        throw new BackendException(
            operation + ": index " + id + " at " + i + " is not in [" + low + ", " + high + ")");
      }
    }
  }

  /** Parts are columns, so rows with the same id are added by one thread and in order. */
  void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    long from = CpuMemory.address(dOut);
    long ids = CpuMemory.address(rows);
    long to = CpuMemory.address(dTable);
    int columns = dTable.dim(1);
    int count = Math.toIntExact(rows.size());
    checkIndices("scatterAddRows", ids, count, 0, dTable.dim(0));
    workers.run(
        (columns + COLUMNS_PER_PART - 1) / COLUMNS_PER_PART,
        (part, worker) -> {
          int first = part * COLUMNS_PER_PART;
          int width = Math.min(COLUMNS_PER_PART, columns - first);
          for (int i = 0; i < count; i++) {
            long row = (long) Lanes.i32(ids + 4L * i) * columns + first;
            add(from + 4L * ((long) i * columns + first), to + 4L * row, width);
          }
        });
  }

  void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    long w = CpuMemory.address(weight);
    long g = CpuMemory.address(gradient);
    long m = CpuMemory.address(moment1);
    long v = CpuMemory.address(moment2);
    long c = compute == null ? 0 : CpuMemory.address(compute);
    long size = weight.size();
    workers.run(
        parts(size),
        (part, worker) -> {
          long start = 4L * part * PART;
          int n = length(size, part);
          adamW(step, w + start, g + start, m + start, v + start, n);
          if (c != 0) {
            toBf16(w + start, c + start / 2, n);
          }
        });
  }

  private static void adamW(AdamWStep step, long w, long g, long m, long v, int n) {
    float decay1 = (float) step.beta1();
    float decay2 = (float) step.beta2();
    float scale1 = (float) ((1 - step.beta1()) * step.gradientScale());
    float scale2 = (float) ((1 - step.beta2()) * step.gradientScale() * step.gradientScale());
    float keep = (float) (1 - step.shrink());
    float rate = (float) (step.learningRate() / step.correction1());
    float unbias2 = (float) (1 / step.correction2());
    float epsilon = (float) step.epsilon();
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector gradient = FloatVector.fromMemorySegment(F32, MEMORY, g + at, ORDER, mask);
      FloatVector first =
          FloatVector.fromMemorySegment(F32, MEMORY, m + at, ORDER, mask)
              .mul(decay1)
              .add(gradient.mul(scale1));
      FloatVector squared = gradient.mul(gradient).mul(scale2);
      FloatVector second =
          FloatVector.fromMemorySegment(F32, MEMORY, v + at, ORDER, mask).mul(decay2).add(squared);
      FloatVector divisor = second.mul(unbias2).sqrt().add(epsilon);
      FloatVector weight =
          FloatVector.fromMemorySegment(F32, MEMORY, w + at, ORDER, mask).mul(keep);
      first.intoMemorySegment(MEMORY, m + at, ORDER, mask);
      second.intoMemorySegment(MEMORY, v + at, ORDER, mask);
      weight.sub(first.mul(rate).div(divisor)).intoMemorySegment(MEMORY, w + at, ORDER, mask);
    }
  }
}
