package io.kanana.core.tensor.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.kanana.core.error.BackendException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The few functions of oneDNN's C interface that matrix products need: its BLAS-like ones, which
 * take any strides and know no objects. They reach more of the peak than its matmul primitives do,
 * most of all for transposed operands, and cost little enough for blocks of attention.
 *
 * <p>The library brings OpenMP. It is asked, thread by thread, to use no threads of its own: {@link
 * Workers} share the work.
 */
@SuppressWarnings("restricted")
final class OneDnnLibrary {
  /** The struct begins with major, minor, patch. */
  private static final MemoryLayout VERSION = MemoryLayout.sequenceLayout(3, JAVA_INT);

  private static final String DIRECTORY = "org/bytedeco/dnnl/linux-x86_64/";

  /** Of A, B; m, n, k; alpha; A, its stride; B, its stride; beta; C, its stride. */
  private static final FunctionDescriptor GEMM =
      FunctionDescriptor.of(
          JAVA_INT,
          JAVA_BYTE,
          JAVA_BYTE,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_FLOAT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_FLOAT,
          JAVA_LONG,
          JAVA_LONG);

  /** What oneDNN calls avx512_core_amx, with all sets that it includes. */
  private static final int AMX = 0xfef;

  private final MethodHandle multiplyF32;
  private final MethodHandle multiplyBf16;
  private final MethodHandle setThreads;
  private final MethodHandle maxThreads;
  private final String description;
  private final boolean amx;

  private OneDnnLibrary(SymbolLookup symbols) {
    multiplyF32 = handle(symbols, "dnnl_sgemm", GEMM);
    multiplyBf16 = handle(symbols, "dnnl_gemm_bf16bf16f32", GEMM);
    setThreads = handle(symbols, "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    maxThreads = handle(symbols, "omp_get_max_threads", FunctionDescriptor.of(JAVA_INT));
    int instructions = instructions(symbols);
    description = describe(symbols, instructions);
    amx = (instructions & AMX) == AMX;
  }

  private static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor type) {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(() -> new BackendException("oneDNN has no function " + name));
    return Linker.nativeLinker().downcallHandle(symbol, type);
  }

  /** Loads it; the message of the exception says why that is not possible. */
  static OneDnnLibrary load() throws IOException {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    if (!os.equals("linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
      throw new IOException("oneDNN is used on linux-x86_64 only, this is " + os + "-" + arch);
    }
    Path directory = NativeLibrary.extract(DIRECTORY, "libdnnl.so.3", "libgomp.so.1");
    try {
      return new OneDnnLibrary(
          SymbolLookup.libraryLookup(directory.resolve("libdnnl.so.3"), Arena.global()));
    } catch (IllegalArgumentException | BackendException e) {
      throw new IOException("oneDNN could not be loaded: " + e.getMessage(), e);
    }
  }

  /** Whether this processor has products of BF16. */
  boolean hasBf16() {
    try (Arena arena = Arena.ofConfined()) {
      long one = arena.allocate(Float.BYTES, Float.BYTES).address();
      int before = useOneThread();
      int status = gemm(multiplyBf16, 1, 1, 1, one, 1, false, one, 1, false, one, 1, true);
      useThreads(before);
      return status == 0;
    }
  }

  /** The product that {@link MatrixProduct} describes, on this thread. */
  void multiply(
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
    MethodHandle product = bf16 ? multiplyBf16 : multiplyF32;
    int status =
        gemm(
            product,
            m,
            n,
            k,
            a,
            strideA,
            transposeA,
            b,
            strideB,
            transposeB,
            c,
            strideC,
            accumulate);
    if (status != 0) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "oneDNN's product of [%d, %d] and [%d, %d] failed with status %d",
              m,
              k,
              k,
              n,
              status));
    }
  }

  private static int gemm(
      MethodHandle product,
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
    byte first = (byte) (transposeA ? 'T' : 'N');
    byte second = (byte) (transposeB ? 'T' : 'N');
    float beta = accumulate ? 1 : 0;
    try {
      return (int)
          product.invokeExact(
              first,
              second,
              (long) m,
              (long) n,
              (long) k,
              1f,
              a,
              (long) strideA,
              b,
              (long) strideB,
              beta,
              c,
              (long) strideC);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Keeps OpenMP to the calling thread; returns how many threads it used before. */
  int useOneThread() {
    try {
      int before = (int) maxThreads.invokeExact();
      setThreads.invokeExact(1);
      return before;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Undoes {@link #useOneThread}. */
  void useThreads(int count) {
    try {
      setThreads.invokeExact(count);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Name, version and instruction set. */
  String description() {
    return description;
  }

  /** Whether products of BF16 run on the matrix unit of AMX. */
  boolean hasAmx() {
    return amx;
  }

  private static int instructions(SymbolLookup symbols) {
    MethodHandle isa =
        handle(symbols, "dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
    try {
      return (int) isa.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static String describe(SymbolLookup symbols, int instructions) {
    MethodHandle version =
        handle(symbols, "dnnl_version", FunctionDescriptor.of(ADDRESS.withTargetLayout(VERSION)));
    try {
      MemorySegment numbers = (MemorySegment) version.invokeExact();
      return String.format(
          Locale.ROOT,
          "oneDNN %d.%d (%s)",
          numbers.get(JAVA_INT, 0),
          numbers.get(JAVA_INT, 4),
          instructionSet(instructions));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The sets are nested bits, the largest decides. */
  private static String instructionSet(int isa) {
    if ((isa & AMX) == AMX) {
      return "AVX-512 with AMX";
    }
    if ((isa & 0xe7) == 0xe7) {
      return "AVX-512 with BF16";
    }
    if ((isa & 0x27) == 0x27) {
      return "AVX-512";
    }
    return (isa & 0x7) == 0x7 ? "AVX2" : "SSE4.1";
  }
}
