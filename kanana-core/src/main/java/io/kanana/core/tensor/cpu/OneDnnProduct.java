package io.kanana.core.tensor.cpu;

import java.io.IOException;

/**
 * Products by oneDNN, in panels of rows or of columns of the result. The library picks a kernel by
 * the size that it is given, and with it an order of sums; so panels follow from the shape alone,
 * and the number of threads changes no bit.
 *
 * <p>AMX multiplies BF16 faster than it can store where the result is in no cache: it writes rows
 * of 64 bytes that lie far apart, and each waits for memory. So a result is made tile by tile
 * there, and every tile is fetched into a cache first, by zeros written in order (decision 0140).
 */
final class OneDnnProduct implements MatrixProduct {
  /** A panel starts at a multiple of this, so that its rows or columns fill whole vectors. */
  private static final int GRAIN = 64;

  /** What a panel should be at least: every panel packs the other operand again. */
  private static final int PANEL = 512;

  private static final int PANELS = 32;

  /** Elements of a result that no second-level cache holds, from which on it is fetched: 2 MB. */
  private static final long FETCHED = 1 << 19;

  /** A tile that is fetched, 0.5 MB: it stays in a second-level cache beside its operands. */
  private static final int TILE_ROWS = 256;

  private static final int TILE_COLUMNS = 512;

  private final OneDnnLibrary library;
  private final Workers workers;
  private final VectorProduct withoutBf16;
  private final SpacedProduct spaced;
  private final boolean[] quiet;

  /**
   * Takes a loaded library.
   *
   * @param withoutBf16 for BF16 on processors where the library has no such product; or null
   */
  private OneDnnProduct(
      OneDnnLibrary library, Workers workers, VectorProduct withoutBf16, SpacedProduct spaced) {
    this.library = library;
    this.workers = workers;
    this.withoutBf16 = withoutBf16;
    this.spaced = spaced;
    this.quiet = new boolean[workers.count()];
  }

  /** Loads the library; the message of the exception says why that is not possible. */
  static OneDnnProduct open(Workers workers, CpuMemory memory) throws IOException {
    OneDnnLibrary library = OneDnnLibrary.load();
    VectorProduct withoutBf16 =
        library.hasBf16()
            ? null
            : new VectorProduct(workers, memory, "no BF16 products on this processor");
    SpacedProduct spaced = new SpacedProduct(library, workers, memory);
    return new OneDnnProduct(library, workers, withoutBf16, spaced);
  }

  /**
   * How a result is cut.
   *
   * @param fetched whether zeros are written to a piece before it is made
   */
  private record Cut(int rows, int columns, boolean fetched) {
    /**
     * Panels are of the longer side of the result: then it is the smaller operand that each packs
     * for itself.
     */
    static Cut panels(int m, int n) {
      return m >= n ? new Cut(panel(m), n, false) : new Cut(m, panel(n), false);
    }

    /** Columns in pieces of one size: a narrow rest would pack its rows for little. */
    static Cut tiles(int n) {
      int pieces = Math.max(1, Math.round((float) n / TILE_COLUMNS));
      int share = (n + pieces - 1) / pieces;
      return new Cut(TILE_ROWS, (share + GRAIN - 1) / GRAIN * GRAIN, true);
    }

    private static int panel(int extent) {
      int panels = Math.clamp(extent / PANEL, 2, PANELS);
      int share = (extent + panels - 1) / panels;
      return (share + GRAIN - 1) / GRAIN * GRAIN;
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
    if (m == 0 || n == 0) {
      return;
    }
    boolean waits = bf16 && !accumulate && library.hasAmx() && (long) m * n >= FETCHED;
    Cut cut = waits ? Cut.tiles(n) : Cut.panels(m, n);
    int down = (m + cut.rows - 1) / cut.rows;
    int across = (n + cut.columns - 1) / cut.columns;
    long element = bf16 ? Short.BYTES : Float.BYTES;
    long stepA = transposeA ? element : element * strideA;
    long stepB = transposeB ? element * strideB : element;
    workers.run(
        down * across,
        (part, worker) -> {
          int row = part / across * cut.rows;
          int column = part % across * cut.columns;
          int high = Math.min(cut.rows, m - row);
          int wide = Math.min(cut.columns, n - column);
          long out = c + Float.BYTES * ((long) row * strideC + column);
          if (cut.fetched) {
            fetch(out, high, wide, strideC);
          }
          multiplyBlock(
              worker,
              high,
              wide,
              k,
              a + row * stepA,
              strideA,
              transposeA,
              b + column * stepB,
              strideB,
              transposeB,
              bf16,
              out,
              strideC,
              accumulate);
        });
  }

  private static void fetch(long tile, int rows, int columns, int stride) {
    for (int row = 0; row < rows; row++) {
      Lanes.zero(tile + (long) Float.BYTES * row * stride, (long) Float.BYTES * columns);
    }
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
    if (bf16 && withoutBf16 != null) {
      withoutBf16.multiplyBlock(
          worker,
          m,
          n,
          k,
          a,
          strideA,
          transposeA,
          b,
          strideB,
          transposeB,
          true,
          c,
          strideC,
          accumulate);
      return;
    }
    int before = beQuiet(worker);
    if (!bf16 && SpacedProduct.pays(m, n, k, strideA, transposeA, strideB, transposeB)) {
      spaced.multiply(
          worker, m, n, k, a, strideA, transposeA, b, strideB, transposeB, c, strideC, accumulate);
    } else {
      library.multiply(
          m, n, k, a, strideA, transposeA, b, strideB, transposeB, bf16, c, strideC, accumulate);
    }
    if (worker == 0) {
      library.useThreads(before);
    }
  }

  /** Threads of ours never want the library's; the caller's may, outside of here. */
  private int beQuiet(int worker) {
    if (worker > 0 && quiet[worker]) {
      return 1;
    }
    quiet[worker] = true;
    return library.useOneThread();
  }

  @Override
  public String description() {
    return library.description();
  }

  @Override
  public void close() {
    if (withoutBf16 != null) {
      withoutBf16.close();
    }
    spaced.close();
  }
}
