package io.kanana.core.tensor.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Products by oneDNN: each thread computes a panel of rows or of columns of the result with a
 * primitive for one thread. Primitives are kept by shape.
 */
final class OneDnnProduct implements MatrixProduct {
  /** More shapes than a step has; the oldest makes room. */
  private static final int KEPT = 256;

  /** A panel starts at a multiple of this, so that its rows or columns fill whole vectors. */
  private static final int GRAIN = 64;

  private static final int SMALL = 192;

  /** What a primitive is made for. */
  private record Shape(
      int m,
      int n,
      int k,
      boolean transposeA,
      boolean transposeB,
      int strideA,
      int strideB,
      int strideOut,
      boolean bf16,
      boolean accumulate) {}

  private final OneDnnLibrary library;
  private final Workers workers;
  private final Scratch[] scratchpads;
  private final boolean[] quiet;
  private final Primitive[] kept = new Primitive[KEPT];
  private int made;

  private OneDnnProduct(OneDnnLibrary library, Workers workers, CpuMemory memory) {
    this.library = library;
    this.workers = workers;
    this.scratchpads = Scratch.perWorker(memory, workers);
    this.quiet = new boolean[workers.count()];
  }

  /** Loads the library; the message of the exception says why that is not possible. */
  static OneDnnProduct open(Workers workers, CpuMemory memory) throws IOException {
    return new OneDnnProduct(OneDnnLibrary.load(), workers, memory);
  }

  /** A primitive and, for each thread, its arguments. */
  private final class Primitive {
    private final Shape shape;
    private final long primitive;
    private final long scratchpadBytes;
    private final long[][] memories = new long[workers.count()][];
    private final long[] arguments = new long[workers.count()];
    private final Arena arena = Arena.ofShared();

    Primitive(Shape shape) {
      this.shape = shape;
      int type = shape.bf16 ? OneDnnLibrary.BF16 : OneDnnLibrary.F32;
      long a = describe(shape.m, shape.k, type, shape.strideA, shape.transposeA);
      long b = describe(shape.k, shape.n, type, shape.strideB, shape.transposeB);
      long out = describe(shape.m, shape.n, OneDnnLibrary.F32, shape.strideOut, false);
      long plan = library.planProduct(a, b, out, shape.accumulate);
      primitive = library.primitive(plan);
      scratchpadBytes = library.scratchpadBytes(plan);
      long scratchpad = library.scratchpad(plan);
      for (int worker = 0; worker < memories.length; worker++) {
        bind(worker, a, b, out, scratchpad);
      }
      library.destroy("primitive_desc", plan);
      for (long description : new long[] {a, b, out}) {
        library.destroy("memory_desc", description);
      }
    }

    private long describe(int rows, int columns, int type, int stride, boolean transposed) {
      return transposed
          ? library.describe(rows, columns, type, 1, stride)
          : library.describe(rows, columns, type, stride, 1);
    }

    /** Makes the array of (int argument, pointer memory) that a thread passes. */
    private void bind(int worker, long... descriptions) {
      int[] names = {
        OneDnnLibrary.ARGUMENT_SOURCE,
        OneDnnLibrary.ARGUMENT_WEIGHTS,
        OneDnnLibrary.ARGUMENT_OUT,
        OneDnnLibrary.ARGUMENT_SCRATCHPAD
      };
      MemorySegment array = arena.allocate(16L * names.length, 16);
      memories[worker] = new long[names.length];
      for (int i = 0; i < names.length; i++) {
        memories[worker][i] = library.memory(descriptions[i]);
        array.set(JAVA_INT, 16L * i, names[i]);
        array.set(JAVA_LONG, 16L * i + 8, memories[worker][i]);
      }
      arguments[worker] = array.address();
    }

    void run(int worker, long a, long b, long out) {
      long[] memory = memories[worker];
      library.point(memory[0], a);
      library.point(memory[1], b);
      library.point(memory[2], out);
      if (scratchpadBytes > 0) {
        library.point(memory[3], scratchpads[worker].bytes(scratchpadBytes));
      }
      library.execute(primitive, memory.length, arguments[worker]);
    }

    void destroy() {
      library.destroy("primitive", primitive);
      for (long[] memory : memories) {
        for (long object : memory) {
          library.destroy("memory", object);
        }
      }
      arena.close();
    }
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      long a,
      boolean transposeA,
      long b,
      boolean transposeB,
      boolean bf16,
      long out,
      boolean accumulate) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      clear(out, 4L * m * n, accumulate);
      return;
    }
    int strideA = transposeA ? m : k;
    int strideB = transposeB ? k : n;
    int element = bf16 ? 2 : 4;
    Shape whole = new Shape(m, n, k, transposeA, transposeB, strideA, strideB, n, bf16, accumulate);
    boolean byRows = m >= n;
    int panel = panel(byRows ? m : n, bf16);
    long stepA = byRows ? (long) element * panel * (transposeA ? 1 : strideA) : 0;
    long stepB = byRows ? 0 : (long) element * panel * (transposeB ? strideB : 1);
    long stepOut = 4L * panel * (byRows ? n : 1);
    run(new Panels(whole, byRows, panel), a, stepA, b, stepB, out, stepOut);
  }

  /** A result cut into panels of rows or of columns, of which the last may be smaller. */
  private record Panels(Shape whole, boolean byRows, int size) {
    private int extent() {
      return byRows ? whole.m : whole.n;
    }

    int count() {
      return (extent() + size - 1) / size;
    }

    Shape first() {
      return shape(size);
    }

    Shape last() {
      return shape(extent() - (count() - 1) * size);
    }

    private Shape shape(int part) {
      return new Shape(
          byRows ? part : whole.m,
          byRows ? whole.n : part,
          whole.k,
          whole.transposeA,
          whole.transposeB,
          whole.strideA,
          whole.strideB,
          whole.strideOut,
          whole.bf16,
          whole.accumulate);
    }
  }

  private static void clear(long out, long bytes, boolean accumulate) {
    if (!accumulate) {
      Lanes.zero(out, bytes);
    }
  }

  /**
   * Two panels for each thread, so that one that is held up does not hold up all; one where halves
   * would be small, and in BF16, whose products are too fast to be cut smaller.
   */
  private int panel(int extent, boolean bf16) {
    int share = (extent + workers.count() - 1) / workers.count();
    boolean halve = workers.count() > 1 && !bf16 && share >= 2 * SMALL;
    int wanted = halve ? (share + 1) / 2 : share;
    return Math.min(extent, (wanted + GRAIN - 1) / GRAIN * GRAIN);
  }

  private void run(Panels panels, long a, long stepA, long b, long stepB, long out, long stepOut) {
    int last = panels.count() - 1;
    Primitive rest = primitive(panels.last());
    // the one that was made last is not the next to make room
    Primitive first = last == 0 ? rest : primitive(panels.first());
    int before = library.useOneThread();
    try {
      workers.run(
          panels.count(),
          (part, worker) -> {
            keepQuiet(worker);
            Primitive primitive = part == last ? rest : first;
            primitive.run(worker, a + part * stepA, b + part * stepB, out + part * stepOut);
          });
    } finally {
      library.useThreads(before);
    }
  }

  private void keepQuiet(int worker) {
    if (worker > 0 && !quiet[worker]) {
      var _ = library.useOneThread();
      quiet[worker] = true;
    }
  }

  private Primitive primitive(Shape shape) {
    int count = Math.min(made, KEPT);
    for (int i = 0; i < count; i++) {
      if (kept[i].shape.equals(shape)) {
        return kept[i];
      }
    }
    Primitive primitive = new Primitive(shape);
    int slot = made++ % KEPT;
    if (kept[slot] != null) {
      kept[slot].destroy();
    }
    kept[slot] = primitive;
    return primitive;
  }

  @Override
  public String description() {
    return library.description();
  }

  @Override
  public void close() {
    Arrays.stream(kept).limit(Math.min(made, KEPT)).forEach(Primitive::destroy);
    for (Scratch scratchpad : scratchpads) {
      scratchpad.close();
    }
  }
}
