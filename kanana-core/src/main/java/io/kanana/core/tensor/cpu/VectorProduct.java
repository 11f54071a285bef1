package io.kanana.core.tensor.cpu;

/**
 * Products without a library, for platforms that oneDNN does not cover: blocks of A and B are
 * copied to where the cache keeps them, in F32, and multiplied by {@link Tiles} (after Goto and van
 * de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008).
 */
final class VectorProduct implements MatrixProduct {
  private static final int DEPTH = 256;
  private static final int ROWS = 64;
  private static final int COLUMNS = 256;

  private final Workers workers;
  private final Scratch[] scratch;
  private final String reason;

  /**
   * Takes the memory that blocks are copied to.
   *
   * @param reason why this is used and not oneDNN
   */
  VectorProduct(Workers workers, CpuMemory memory, String reason) {
    this.workers = workers;
    this.scratch = Scratch.perWorker(memory, workers);
    this.reason = reason;
  }

  /** A matrix that may be stored transposed; strides in bytes. */
  private record Operand(long address, long row, long column, boolean bf16) {
    static Operand of(long address, int stride, boolean transposed, boolean bf16) {
      long element = bf16 ? 2 : 4;
      return transposed
          ? new Operand(address, element, element * stride, bf16)
          : new Operand(address, element * stride, element, bf16);
    }

    /** Copies a block to dense rows of F32. */
    void pack(int row0, int column0, int rows, int columns, long out) {
      for (int i = 0; i < rows; i++) {
        long from = address + (row0 + i) * row + column0 * column;
        long to = out + 4L * i * columns;
        if (bf16) {
          packBf16(from, column, columns, to);
        } else {
          packF32(from, column, columns, to);
        }
      }
    }

    private static void packF32(long from, long stride, int n, long to) {
      if (stride == Float.BYTES) {
        Lanes.copy(from, to, 4L * n);
        return;
      }
      for (int i = 0; i < n; i++) {
        Lanes.f32(to + 4L * i, Lanes.f32(from + i * stride));
      }
    }

    private static void packBf16(long from, long stride, int n, long to) {
      if (stride == Short.BYTES) {
        ElementKernels.toF32(from, to, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        Lanes.f32(to + 4L * i, Lanes.fromBf16(Lanes.i16(from + i * stride)));
      }
    }
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      long a,
      int strideA,
      boolean transposeA,
      long b,
      int strideB,
      boolean transposeB,
      boolean bf16,
      long c,
      int strideC,
      boolean accumulate) {
    Operand left = Operand.of(a, strideA, transposeA, bf16);
    Operand right = Operand.of(b, strideB, transposeB, bf16);
    int rowBlocks = (m + ROWS - 1) / ROWS;
    int groups = Math.min(rowBlocks, 2 * workers.count());
    int columnBlocks = (n + COLUMNS - 1) / COLUMNS;
    workers.run(
        groups * columnBlocks,
        (part, worker) -> {
          int group = part / columnBlocks;
          int column = part % columnBlocks * COLUMNS;
          int columns = Math.min(COLUMNS, n - column);
          int row = group * rowBlocks / groups * ROWS;
          int rows = Math.min(m, (group + 1) * rowBlocks / groups * ROWS) - row;
          long to = c + 4L * ((long) row * strideC + column);
          multiplyPart(
              left, right, row, rows, column, columns, k, to, 4L * strideC, accumulate, worker);
        });
  }

  @Override
  public void multiplyBlock(
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
      boolean bf16,
      long c,
      int strideC,
      boolean accumulate) {
    Operand left = Operand.of(a, strideA, transposeA, bf16);
    Operand right = Operand.of(b, strideB, transposeB, bf16);
    for (int column = 0; column < n; column += COLUMNS) {
      int columns = Math.min(COLUMNS, n - column);
      long to = c + 4L * column;
      multiplyPart(left, right, 0, m, column, columns, k, to, 4L * strideC, accumulate, worker);
    }
  }

  private static void clear(long out, int rows, int columns, long stride) {
    for (int i = 0; i < rows; i++) {
      Lanes.zero(out + i * stride, 4L * columns);
    }
  }

  private void multiplyPart(
      Operand left,
      Operand right,
      int row0,
      int rows,
      int column0,
      int columns,
      int k,
      long out,
      long outRow,
      boolean accumulate,
      int worker) {
    if (!accumulate) {
      clear(out, rows, columns, outRow);
    }
    long packedB = scratch[worker].bytes(4L * DEPTH * (ROWS + COLUMNS));
    long packedA = packedB + 4L * DEPTH * COLUMNS;
    for (int inner = 0; inner < k; inner += DEPTH) {
      int depth = Math.min(DEPTH, k - inner);
      right.pack(inner, column0, depth, columns, packedB);
      for (int i = 0; i < rows; i += ROWS) {
        int height = Math.min(ROWS, rows - i);
        left.pack(row0 + i, inner, height, depth, packedA);
        long to = out + i * outRow;
        long bRow = 4L * columns;
        Tiles.multiply(
            height, columns, depth, packedA, 4L * depth, 4, packedB, bRow, to, outRow, true);
      }
    }
  }

  @Override
  public String description() {
    return "vector products (" + reason + ")";
  }

  @Override
  public void close() {
    for (Scratch block : scratch) {
      block.close();
    }
  }
}
