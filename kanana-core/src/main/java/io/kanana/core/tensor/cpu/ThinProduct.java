package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.I32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products C = A B' of a few rows A, as generation makes them for every token: each weight is used
 * so few times that reading it is all the work. A library that packs its operands first reads and
 * writes them twice more; here the rows of B are read once, in order.
 */
final class ThinProduct {
  /** More rows than these are worth packing for. */
  static final int MOST_ROWS = 8;

  /** Rows of B that are read side by side. */
  private static final int BLOCK = 4;

  /** Below these bytes of B, waking another thread takes as long as the product. */
  private static final long SMALL = 128 << 10;

  private static final int PARTS_PER_WORKER = 4;

  private final Workers workers;

  ThinProduct(Workers workers) {
    this.workers = workers;
  }

  /**
   * Writes C [m, n], or adds to it.
   *
   * @param a [m, k]
   * @param b [n, k]
   * @param bf16 whether A and B are BF16 rather than F32
   */
  void multiply(int m, int n, int k, long a, long b, boolean bf16, long c, boolean accumulate) {
    long row = (bf16 ? 2L : 4L) * k;
    int parts = n * row < SMALL ? 1 : workers.count() * PARTS_PER_WORKER;
    int share = ((n + parts - 1) / parts + BLOCK - 1) / BLOCK * BLOCK;
    workers.run(
        (n + share - 1) / share,
        (part, worker) -> {
          int end = Math.min(n, (part + 1) * share);
          for (int j = part * share; j < end; j += BLOCK) {
            int columns = Math.min(BLOCK, end - j);
            for (int i = 0; i < m; i++) {
              long out = c + 4L * ((long) n * i + j);
              block(columns, k, a + i * row, b + j * row, bf16, out, accumulate);
            }
          }
        });
  }

  /** One row of A by some rows of B. */
  private static void block(
      int columns, int k, long a, long b, boolean bf16, long out, boolean accumulate) {
    if (!accumulate) {
      for (int j = 0; j < columns; j++) {
        Lanes.f32(out + 4L * j, 0);
      }
    }
    if (columns < BLOCK) {
      long row = (bf16 ? 2L : 4L) * k;
      for (int j = 0; j < columns; j++) {
        add(out + 4L * j, bf16 ? oneBf16(k, a, b + j * row) : oneF32(k, a, b + j * row));
      }
    } else if (bf16) {
      fourBf16(k, a, b, out);
    } else {
      fourF32(k, a, b, out);
    }
  }

  private static void add(long out, float value) {
    Lanes.f32(out, Lanes.f32(out) + value);
  }

  private static void fourF32(int k, long a, long b, long out) {
    long row = 4L * k;
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    int whole = F32.loopBound(k);
    for (int i = 0; i < whole; i += WIDTH) {
      long at = b + 4L * i;
      FloatVector x = f32(a + 4L * i);
      sum0 = x.fma(f32(at), sum0);
      sum1 = x.fma(f32(at + row), sum1);
      sum2 = x.fma(f32(at + 2 * row), sum2);
      sum3 = x.fma(f32(at + 3 * row), sum3);
    }
    add(out, Lanes.sum(sum0) + restF32(whole, k, a, b));
    add(out + 4, Lanes.sum(sum1) + restF32(whole, k, a, b + row));
    add(out + 8, Lanes.sum(sum2) + restF32(whole, k, a, b + 2 * row));
    add(out + 12, Lanes.sum(sum3) + restF32(whole, k, a, b + 3 * row));
  }

  private static float oneF32(int k, long a, long b) {
    FloatVector sum = FloatVector.zero(F32);
    int whole = F32.loopBound(k);
    for (int i = 0; i < whole; i += WIDTH) {
      sum = f32(a + 4L * i).fma(f32(b + 4L * i), sum);
    }
    return Lanes.sum(sum) + restF32(whole, k, a, b);
  }

  private static FloatVector f32(long address) {
    return FloatVector.fromMemorySegment(F32, MEMORY, address, ORDER);
  }

  private static float restF32(int from, int k, long a, long b) {
    float sum = 0;
    for (int i = from; i < k; i++) {
      sum = Math.fma(Lanes.f32(a + 4L * i), Lanes.f32(b + 4L * i), sum);
    }
    return sum;
  }

  /** Of two BF16 in an int the upper one is a float as it stands, the lower one after a shift. */
  private static void fourBf16(int k, long a, long b, long out) {
    long row = 2L * k;
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    int whole = k / (2 * WIDTH) * (2 * WIDTH);
    for (int i = 0; i < whole; i += 2 * WIDTH) {
      long at = b + 2L * i;
      IntVector x = pairs(a + 2L * i);
      FloatVector low = low(x);
      FloatVector high = high(x);
      IntVector y0 = pairs(at);
      IntVector y1 = pairs(at + row);
      IntVector y2 = pairs(at + 2 * row);
      IntVector y3 = pairs(at + 3 * row);
      sum0 = high.fma(high(y0), low.fma(low(y0), sum0));
      sum1 = high.fma(high(y1), low.fma(low(y1), sum1));
      sum2 = high.fma(high(y2), low.fma(low(y2), sum2));
      sum3 = high.fma(high(y3), low.fma(low(y3), sum3));
    }
    add(out, Lanes.sum(sum0) + restBf16(whole, k, a, b));
    add(out + 4, Lanes.sum(sum1) + restBf16(whole, k, a, b + row));
    add(out + 8, Lanes.sum(sum2) + restBf16(whole, k, a, b + 2 * row));
    add(out + 12, Lanes.sum(sum3) + restBf16(whole, k, a, b + 3 * row));
  }

  private static float oneBf16(int k, long a, long b) {
    FloatVector sum = FloatVector.zero(F32);
    int whole = k / (2 * WIDTH) * (2 * WIDTH);
    for (int i = 0; i < whole; i += 2 * WIDTH) {
      IntVector x = pairs(a + 2L * i);
      IntVector y = pairs(b + 2L * i);
      sum = high(x).fma(high(y), low(x).fma(low(y), sum));
    }
    return Lanes.sum(sum) + restBf16(whole, k, a, b);
  }

  private static IntVector pairs(long address) {
    return IntVector.fromMemorySegment(I32, MEMORY, address, ORDER);
  }

  private static FloatVector low(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector high(IntVector pairs) {
    return pairs.and(0xFFFF_0000).reinterpretAsFloats();
  }

  private static float restBf16(int from, int k, long a, long b) {
    float sum = 0;
    for (int i = from; i < k; i++) {
      float x = Lanes.fromBf16(Lanes.i16(a + 2L * i));
      sum = Math.fma(x, Lanes.fromBf16(Lanes.i16(b + 2L * i)), sum);
    }
    return sum;
  }
}
