package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.BYTES;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;
import static io.kanana.core.tensor.cpu.Lanes.broadcast;
import static io.kanana.core.tensor.cpu.Lanes.load;
import static io.kanana.core.tensor.cpu.Lanes.store;

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
      VectorMask<Float> mask = Lanes.first(n - column);
      multiplyNarrow(m, k, a, aRow, aK, b + shift, bRow, c + shift, cRow, accumulate, mask);
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
      VectorMask<Float> mask) {
    int row = 0;
    for (; row + ROWS <= m; row += ROWS) {
      long out = c + row * cRow;
      long from = accumulate ? out : ZEROS;
      long fromRow = accumulate ? cRow : 0;
      tile4x1(k, a + row * aRow, aRow, aK, b, bRow, from, fromRow, out, cRow, mask);
    }
    for (; row < m; row++) {
      long out = c + row * cRow;
      tile1x1(k, a + row * aRow, aK, b, bRow, accumulate ? out : ZEROS, out, mask);
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
    FloatVector c00 = load(from);
    FloatVector c01 = load(from + BYTES);
    FloatVector c02 = load(from + 2 * BYTES);
    FloatVector c03 = load(from + 3 * BYTES);
    FloatVector c10 = load(from + step);
    FloatVector c11 = load(from + step + BYTES);
    FloatVector c12 = load(from + step + 2 * BYTES);
    FloatVector c13 = load(from + step + 3 * BYTES);
    FloatVector c20 = load(from + 2 * step);
    FloatVector c21 = load(from + 2 * step + BYTES);
    FloatVector c22 = load(from + 2 * step + 2 * BYTES);
    FloatVector c23 = load(from + 2 * step + 3 * BYTES);
    FloatVector c30 = load(from + 3 * step);
    FloatVector c31 = load(from + 3 * step + BYTES);
    FloatVector c32 = load(from + 3 * step + 2 * BYTES);
    FloatVector c33 = load(from + 3 * step + 3 * BYTES);
    for (int i = 0; i < k; i++, a += aK, b += bRow) {
      FloatVector b0 = load(b);
      FloatVector b1 = load(b + BYTES);
      FloatVector b2 = load(b + 2 * BYTES);
      FloatVector b3 = load(b + 3 * BYTES);
      FloatVector a0 = broadcast(a);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = broadcast(a + aRow);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = broadcast(a + 2 * aRow);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = broadcast(a + 3 * aRow);
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

  private static void storeRow(
      FloatVector v0, FloatVector v1, FloatVector v2, FloatVector v3, long address) {
    store(v0, address);
    store(v1, address + BYTES);
    store(v2, address + 2 * BYTES);
    store(v3, address + 3 * BYTES);
  }

  private static void tile1x4(int k, long a, long aK, long b, long bRow, long from, long c) {
    FloatVector c0 = load(from);
    FloatVector c1 = load(from + BYTES);
    FloatVector c2 = load(from + 2 * BYTES);
    FloatVector c3 = load(from + 3 * BYTES);
    for (int i = 0; i < k; i++) {
      FloatVector a0 = broadcast(a);
      c0 = a0.fma(load(b), c0);
      c1 = a0.fma(load(b + BYTES), c1);
      c2 = a0.fma(load(b + 2 * BYTES), c2);
      c3 = a0.fma(load(b + 3 * BYTES), c3);
      a += aK;
      b += bRow;
    }
    storeRow(c0, c1, c2, c3, c);
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
      VectorMask<Float> mask) {
    FloatVector c0 = load(from, mask);
    FloatVector c1 = load(from + fromRow, mask);
    FloatVector c2 = load(from + 2 * fromRow, mask);
    FloatVector c3 = load(from + 3 * fromRow, mask);
    for (int i = 0; i < k; i++) {
      FloatVector b0 = load(b, mask);
      c0 = broadcast(a).fma(b0, c0);
      c1 = broadcast(a + aRow).fma(b0, c1);
      c2 = broadcast(a + 2 * aRow).fma(b0, c2);
      c3 = broadcast(a + 3 * aRow).fma(b0, c3);
      a += aK;
      b += bRow;
    }
    store(c0, c, mask);
    store(c1, c + cRow, mask);
    store(c2, c + 2 * cRow, mask);
    store(c3, c + 3 * cRow, mask);
  }

  private static void tile1x1(
      int k, long a, long aK, long b, long bRow, long from, long c, VectorMask<Float> mask) {
    FloatVector c0 = load(from, mask);
    for (int i = 0; i < k; i++) {
      c0 = broadcast(a).fma(load(b, mask), c0);
      a += aK;
      b += bRow;
    }
    store(c0, c, mask);
  }
}
