package io.kanana.core.tensor.cpu;

/**
 * Products of F32 whose operands lie badly for a cache.
 *
 * <p>oneDNN reads A that is transposed a few columns of many rows at a time, and B where neither is
 * transposed. Rows that are a multiple of 2 KiB apart share few sets of a cache and drive each
 * other out before the next columns are read; sizes of models like to be such multiples, and a
 * product then takes up to twice as long. Blocks of such an operand are copied to rows a little
 * further apart. How a product is cut follows from its shape and strides alone.
 */
final class SpacedProduct implements AutoCloseable {
  /** Rows of fewer elements than this share sets with few enough others. */
  private static final int FAR = 1024;

  /** Elements of half the smallest way of a first-level cache, 4 KiB. */
  private static final int HALF_WAY = 512;

  /** How often an element must be used for its copy to pay. */
  private static final int USES = 128;

  /** A block of columns and of k, 0.8 MB: much of it stays in a second-level cache. */
  private static final int COLUMNS = 512;

  private static final int DEPTH = 384;

  /** One cache line. */
  private static final int SPACE = 16;

  private final OneDnnLibrary library;
  private final Scratch[] scratch;

  SpacedProduct(OneDnnLibrary library, Workers workers, CpuMemory memory) {
    this.library = library;
    this.scratch = Scratch.perWorker(memory, workers);
  }

  /** Whether a product, described as in {@link MatrixProduct}, is faster here; an empty one not. */
  static boolean pays(
      int m, int n, int k, int strideA, boolean transposeA, int strideB, boolean transposeB) {
    return k > 0 && (transposeA ? pays(strideA, n) : !transposeB && pays(strideB, m));
  }

  private static boolean pays(int stride, int uses) {
    return stride >= FAR && stride % HALF_WAY == 0 && uses >= USES;
  }

  /** The product that {@link MatrixProduct} describes, on this thread, where it {@link #pays}. */
  void multiply(
      int worker,
      int m,
      int n,
      int k,
      long a,
      int strideA,
      boolean transposeA,
      long b,
      int strideB,
      boolean transposeB,
      long c,
      int strideC,
      boolean accumulate) {
    int depth = depth(k);
    long copy = scratch[worker].bytes((long) Float.BYTES * depth * (COLUMNS + SPACE));
    for (int inner = 0; inner < k; inner += depth) {
      int deep = Math.min(depth, k - inner);
      boolean add = accumulate || inner > 0;
      if (transposeA) {
        long left = element(a, inner, strideA, 0);
        long right = transposeB ? element(b, 0, strideB, inner) : element(b, inner, strideB, 0);
        multiplyCopyingA(
            m, n, deep, left, strideA, right, strideB, transposeB, c, strideC, add, copy);
      } else {
        long left = element(a, 0, strideA, inner);
        long right = element(b, inner, strideB, 0);
        multiplyCopyingB(m, n, deep, left, strideA, right, strideB, c, strideC, add, copy);
      }
    }
  }

  /** C += A' op(B), by blocks of columns of the stored A. */
  private void multiplyCopyingA(
      int m,
      int n,
      int k,
      long a,
      int strideA,
      long b,
      int strideB,
      boolean transposeB,
      long c,
      int strideC,
      boolean accumulate,
      long copy) {
    for (int row = 0; row < m; row += COLUMNS) {
      int high = Math.min(COLUMNS, m - row);
      int spaced = high + SPACE;
      copyRows(element(a, 0, strideA, row), strideA, k, high, copy);
      long out = element(c, row, strideC, 0);
      library.multiply(
          high, n, k, copy, spaced, true, b, strideB, transposeB, false, out, strideC, accumulate);
    }
  }

  /** C += A B, by blocks of columns of B. */
  private void multiplyCopyingB(
      int m,
      int n,
      int k,
      long a,
      int strideA,
      long b,
      int strideB,
      long c,
      int strideC,
      boolean accumulate,
      long copy) {
    for (int column = 0; column < n; column += COLUMNS) {
      int wide = Math.min(COLUMNS, n - column);
      int spaced = wide + SPACE;
      copyRows(element(b, 0, strideB, column), strideB, k, wide, copy);
      long out = element(c, 0, strideC, column);
      library.multiply(
          m, wide, k, a, strideA, false, copy, spaced, false, false, out, strideC, accumulate);
    }
  }

  /** Pieces of k of much the same size, in whole cache lines. */
  private static int depth(int k) {
    int pieces = (k + DEPTH - 1) / DEPTH;
    int share = (k + pieces - 1) / pieces;
    return (share + SPACE - 1) / SPACE * SPACE;
  }

  private static long element(long matrix, long row, int stride, int column) {
    return matrix + Float.BYTES * (row * stride + column);
  }

  private static void copyRows(long from, int stride, int rows, int columns, long to) {
    long bytes = (long) Float.BYTES * columns;
    for (long row = 0; row < rows; row++) {
      Lanes.copy(element(from, row, stride, 0), element(to, row, columns + SPACE, 0), bytes);
    }
  }

  @Override
  public void close() {
    for (Scratch block : scratch) {
      block.close();
    }
  }
}
