package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.BYTES;
import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Small matrix products C = A B or C += A B that stay in registers: the inner loop of attention and
 * of products without oneDNN.
 *
 * <p>A is read one element at a time at {@code a + row * aRow + k * aK}, so any stride will do,
 * transposition included; B and C have contiguous rows. Strides are in bytes.
 */
final class Tiles {
  private static final int ROWS = 4;
  private static final int COLUMNS = 4 * WIDTH;

  /** What a product that does not accumulate starts from; its row stride is 0. */
  private static final long ZEROS = Arena.global().allocate(4 * BYTES, 64).address();

  private Tiles() {}

  /**
   * C (+)= A B.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   */
  static void multiply(
      int m,
      int n,
      int k,
      long a,
      long aRow,
      long aK,
      long b,
      long bRow,
      long c,
      long cRow,
      boolean accumulate) {
    int column = 0;
    for (; column + COLUMNS <= n; column += COLUMNS) {
      long shift = 4L * column;
      multiplyWide(m, k, a, aRow, aK, b + shift, bRow, c + shift, cRow, accumulate);
    }
    for (; column < n; column += WIDTH) {
      long shift = 4L * column;
      int columns = Math.min(WIDTH, n - column);
      multiplyNarrow(m, k, a, aRow, aK, b + shift, bRow, c + shift, cRow, accumulate, columns);
    }
  }

  private static void multiplyWide(
      int m,
      int k,
      long a,
      long aRow,
      long aK,
      long b,
      long bRow,
      long c,
      long cRow,
      boolean accumulate) {
    int row = 0;
    for (; row + ROWS <= m; row += ROWS) {
      long out = c + row * cRow;
      long from = accumulate ? out : ZEROS;
      tile4x4(k, a + row * aRow, aRow, aK, b, bRow, from, accumulate ? cRow : 0, out, cRow);
    }
    for (; row < m; row++) {
      long out = c + row * cRow;
      tile1x4(k, a + row * aRow, aK, b, bRow, accumulate ? out : ZEROS, out);
    }
  }

  private static void multiplyNarrow(
      int m,
      int k,
      long a,
      long aRow,
      long aK,
      long b,
      long bRow,
      long c,
      long cRow,
      boolean accumulate,
      int columns) {
    int row = 0;
    for (; row + ROWS <= m; row += ROWS) {
      long out = c + row * cRow;
      long from = accumulate ? out : ZEROS;
      long fromRow = accumulate ? cRow : 0;
      tile4x1(k, a + row * aRow, aRow, aK, b, bRow, from, fromRow, out, cRow, columns);
    }
    for (; row < m; row++) {
      long out = c + row * cRow;
      tile1x1(k, a + row * aRow, aK, b, bRow, accumulate ? out : ZEROS, out, columns);
    }
  }

  /**
   * Stores are spelled out: this many calls exhaust what the compiler inlines, but for the Vector
   * API's own methods, and a vector that is passed on becomes an object.
   */
  private static void tile4x4(
      int k,
      long a,
      long aRow,
      long aK,
      long b,
      long bRow,
      long from,
      long step,
      long c,
      long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(F32, MEMORY, from, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(F32, MEMORY, from + BYTES, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * BYTES, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * BYTES, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(F32, MEMORY, from + step, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(F32, MEMORY, from + step + BYTES, ORDER);
    FloatVector c12 = FloatVector.fromMemorySegment(F32, MEMORY, from + step + 2 * BYTES, ORDER);
    FloatVector c13 = FloatVector.fromMemorySegment(F32, MEMORY, from + step + 3 * BYTES, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * step, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * step + BYTES, ORDER);
    FloatVector c22 =
        FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * step + 2 * BYTES, ORDER);
    FloatVector c23 =
        FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * step + 3 * BYTES, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * step, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * step + BYTES, ORDER);
    FloatVector c32 =
        FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * step + 2 * BYTES, ORDER);
    FloatVector c33 =
        FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * step + 3 * BYTES, ORDER);
    for (int i = 0; i < k; i++, a += aK, b += bRow) {
      FloatVector b0 = FloatVector.fromMemorySegment(F32, MEMORY, b, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(F32, MEMORY, b + BYTES, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(F32, MEMORY, b + 2 * BYTES, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(F32, MEMORY, b + 3 * BYTES, ORDER);
      FloatVector a0 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + 3 * aRow));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
    }
    c00.intoMemorySegment(MEMORY, c, ORDER);
    c01.intoMemorySegment(MEMORY, c + BYTES, ORDER);
    c02.intoMemorySegment(MEMORY, c + 2 * BYTES, ORDER);
    c03.intoMemorySegment(MEMORY, c + 3 * BYTES, ORDER);
    c10.intoMemorySegment(MEMORY, c + cRow, ORDER);
    c11.intoMemorySegment(MEMORY, c + cRow + BYTES, ORDER);
    c12.intoMemorySegment(MEMORY, c + cRow + 2 * BYTES, ORDER);
    c13.intoMemorySegment(MEMORY, c + cRow + 3 * BYTES, ORDER);
    c20.intoMemorySegment(MEMORY, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(MEMORY, c + 2 * cRow + BYTES, ORDER);
    c22.intoMemorySegment(MEMORY, c + 2 * cRow + 2 * BYTES, ORDER);
    c23.intoMemorySegment(MEMORY, c + 2 * cRow + 3 * BYTES, ORDER);
    c30.intoMemorySegment(MEMORY, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(MEMORY, c + 3 * cRow + BYTES, ORDER);
    c32.intoMemorySegment(MEMORY, c + 3 * cRow + 2 * BYTES, ORDER);
    c33.intoMemorySegment(MEMORY, c + 3 * cRow + 3 * BYTES, ORDER);
  }

  private static void tile1x4(int k, long a, long aK, long b, long bRow, long from, long c) {
    FloatVector c0 = FloatVector.fromMemorySegment(F32, MEMORY, from, ORDER);
    FloatVector c1 = FloatVector.fromMemorySegment(F32, MEMORY, from + BYTES, ORDER);
    FloatVector c2 = FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * BYTES, ORDER);
    FloatVector c3 = FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * BYTES, ORDER);
    for (int i = 0; i < k; i++) {
      FloatVector a0 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a));
      c0 = a0.fma(FloatVector.fromMemorySegment(F32, MEMORY, b, ORDER), c0);
      c1 = a0.fma(FloatVector.fromMemorySegment(F32, MEMORY, b + BYTES, ORDER), c1);
      c2 = a0.fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 2 * BYTES, ORDER), c2);
      c3 = a0.fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 3 * BYTES, ORDER), c3);
      a += aK;
      b += bRow;
    }
    c0.intoMemorySegment(MEMORY, c, ORDER);
    c1.intoMemorySegment(MEMORY, c + BYTES, ORDER);
    c2.intoMemorySegment(MEMORY, c + 2 * BYTES, ORDER);
    c3.intoMemorySegment(MEMORY, c + 3 * BYTES, ORDER);
  }

  private static void tile4x1(
      int k,
      long a,
      long aRow,
      long aK,
      long b,
      long bRow,
      long from,
      long fromRow,
      long c,
      long cRow,
      int columns) {
    VectorMask<Float> mask = F32.indexInRange(0, columns);
    FloatVector c0 = FloatVector.fromMemorySegment(F32, MEMORY, from, ORDER, mask);
    FloatVector c1 = FloatVector.fromMemorySegment(F32, MEMORY, from + fromRow, ORDER, mask);
    FloatVector c2 = FloatVector.fromMemorySegment(F32, MEMORY, from + 2 * fromRow, ORDER, mask);
    FloatVector c3 = FloatVector.fromMemorySegment(F32, MEMORY, from + 3 * fromRow, ORDER, mask);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F32, MEMORY, b, ORDER, mask);
      c0 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a)).fma(b0, c0);
      c1 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + aRow)).fma(b0, c1);
      c2 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + 2 * aRow)).fma(b0, c2);
      c3 = FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a + 3 * aRow)).fma(b0, c3);
      a += aK;
      b += bRow;
    }
    c0.intoMemorySegment(MEMORY, c, ORDER, mask);
    c1.intoMemorySegment(MEMORY, c + cRow, ORDER, mask);
    c2.intoMemorySegment(MEMORY, c + 2 * cRow, ORDER, mask);
    c3.intoMemorySegment(MEMORY, c + 3 * cRow, ORDER, mask);
  }

  private static void tile1x1(
      int k, long a, long aK, long b, long bRow, long from, long c, int columns) {
    VectorMask<Float> mask = F32.indexInRange(0, columns);
    FloatVector c0 = FloatVector.fromMemorySegment(F32, MEMORY, from, ORDER, mask);
    for (int i = 0; i < k; i++) {
      c0 =
          FloatVector.broadcast(F32, MEMORY.get(JAVA_FLOAT_UNALIGNED, a))
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b, ORDER, mask), c0);
      a += aK;
      b += bRow;
    }
    c0.intoMemorySegment(MEMORY, c, ORDER, mask);
  }
}
