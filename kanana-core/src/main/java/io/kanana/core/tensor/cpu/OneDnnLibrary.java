package io.kanana.core.tensor.cpu;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The few functions of oneDNN's C interface that matrix products need. Pointers are passed as
 * {@code long}, so that a call makes no objects.
 *
 * <p>The library brings OpenMP. It is asked, thread by thread, to use no threads of its own: {@link
 * Workers} share the work.
 */
@SuppressWarnings("restricted")
final class OneDnnLibrary {
  static final int F32 = 3;
  static final int BF16 = 2;
  static final int ARGUMENT_SOURCE = 1;
  static final int ARGUMENT_OUT = 17;
  static final int ARGUMENT_WEIGHTS = 33;
  static final int ARGUMENT_SCRATCHPAD = 80;

  private static final int ENGINE_CPU = 1;
  private static final int STREAM_IN_ORDER = 1;
  private static final int SCRATCHPAD_OF_USER = 1;
  private static final int QUERY_SCRATCHPAD = 136;

  private static final String DIRECTORY = "org/bytedeco/dnnl/linux-x86_64/";

  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> handles = new HashMap<>();
  private final MethodHandle execute;
  private final MethodHandle setHandle;
  private final MethodHandle setThreads;
  private final MethodHandle maxThreads;
  private final long engine;
  private final long stream;

  private OneDnnLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
    Linker linker = Linker.nativeLinker();
    execute =
        linker.downcallHandle(
            symbol("dnnl_primitive_execute"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    setHandle =
        linker.downcallHandle(
            symbol("dnnl_memory_set_data_handle"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    setThreads =
        linker.downcallHandle(symbol("omp_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT));
    maxThreads =
        linker.downcallHandle(symbol("omp_get_max_threads"), FunctionDescriptor.of(JAVA_INT));
    engine = create("dnnl_engine_create", ENGINE_CPU, 0L);
    stream = create("dnnl_stream_create", engine, STREAM_IN_ORDER);
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

  private MemorySegment symbol(String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> new BackendException("oneDNN has no function " + name));
  }

  private MethodHandle handle(String name, MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts =
        Arrays.stream(arguments).map(OneDnnLibrary::layout).toArray(MemoryLayout[]::new);
    return Linker.nativeLinker()
        .downcallHandle(symbol(name), FunctionDescriptor.of(result, layouts));
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer i -> JAVA_INT;
      case Float f -> JAVA_FLOAT;
      default -> JAVA_LONG;
    };
  }

  /** Calls a function that is not in a hurry; arguments are Integer, Long (pointers too), Float. */
  private Object invoke(String name, MemoryLayout result, Object... arguments) {
    MethodHandle handle = handles.computeIfAbsent(name, n -> handle(n, result, arguments));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private void call(String name, Object... arguments) {
    check(name, (int) invoke(name, JAVA_INT, arguments));
  }

  private static void check(String name, int status) {
    if (status != 0) {
      throw new BackendException("oneDNN's " + name + " failed with status " + status);
    }
  }

  /** Calls a function whose first argument is where it puts the object that it makes. */
  private long create(String name, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      Object[] all = new Object[arguments.length + 1];
      all[0] = out.address();
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      call(name, all);
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Describes a matrix with the given strides, in elements. */
  long describe(long rows, long columns, int type, long rowStride, long columnStride) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dims = arena.allocateFrom(JAVA_LONG, rows, columns);
      MemorySegment strides = arena.allocateFrom(JAVA_LONG, rowStride, columnStride);
      return create(
          "dnnl_memory_desc_create_with_strides", 2, dims.address(), type, strides.address());
    }
  }

  /** Plans the product of described matrices for one thread. */
  long planProduct(long source, long weights, long out, boolean accumulate) {
    long attributes = create("dnnl_primitive_attr_create");
    call("dnnl_primitive_attr_set_scratchpad_mode", attributes, SCRATCHPAD_OF_USER);
    if (accumulate) {
      long operations = create("dnnl_post_ops_create");
      call("dnnl_post_ops_append_sum", operations, 1f, 0, 0);
      call("dnnl_primitive_attr_set_post_ops", attributes, operations);
      call("dnnl_post_ops_destroy", operations);
    }
    int before = useOneThread();
    try {
      return create(
          "dnnl_matmul_primitive_desc_create", engine, source, weights, 0L, out, attributes);
    } finally {
      useThreads(before);
      call("dnnl_primitive_attr_destroy", attributes);
    }
  }

  /** Bytes of working memory that a plan wants. */
  long scratchpadBytes(long plan) {
    long description = scratchpad(plan);
    return (long) invoke("dnnl_memory_desc_get_size", JAVA_LONG, description);
  }

  /** A primitive of a plan. */
  long primitive(long plan) {
    int before = useOneThread();
    try {
      return create("dnnl_primitive_create", plan);
    } finally {
      useThreads(before);
    }
  }

  /** The description of a plan's working memory; belongs to the plan. */
  long scratchpad(long plan) {
    return (long) invoke("dnnl_primitive_desc_query_md", JAVA_LONG, plan, QUERY_SCRATCHPAD, 0);
  }

  /** A memory object without memory. */
  long memory(long description) {
    return create("dnnl_memory_create", description, engine, 0L);
  }

  /** Destroys an object: {@code kind} is the middle of the function's name. */
  void destroy(String kind, long object) {
    call("dnnl_" + kind + "_destroy", object);
  }

  /** Points a memory object at memory. */
  void point(long memory, long address) {
    try {
      check("memory_set_data_handle", (int) setHandle.invokeExact(memory, address));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Runs a primitive on this thread. */
  void execute(long primitive, int arguments, long argumentArray) {
    try {
      check(
          "primitive_execute",
          (int) execute.invokeExact(primitive, stream, arguments, argumentArray));
    } catch (RuntimeException | Error e) {
      throw e;
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
    MemorySegment version =
        MemorySegment.ofAddress((long) invoke("dnnl_version", JAVA_LONG)).reinterpret(12);
    int isa = (int) invoke("dnnl_get_effective_cpu_isa", JAVA_INT);
    return String.format(
        Locale.ROOT,
        "oneDNN %d.%d (%s)",
        version.get(JAVA_INT, 0),
        version.get(JAVA_INT, 4),
        instructionSet(isa));
  }

  /** The sets are nested bits, the largest decides. */
  private static String instructionSet(int isa) {
    if ((isa & 0xfef) == 0xfef) {
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
