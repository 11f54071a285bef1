package io.kanana.core.tensor.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;

/** Starts ND4J once, with what it must find when it loads. */
final class Nd4jRuntime {
  /** What OpenBLAS's kernels for SkylakeX need of a processor. */
  private static final List<String> AVX_512 =
      List.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd");

  static {
    if (hasAvx512()) {
      setEnvironment("OPENBLAS_CORETYPE", "SkylakeX");
    }
    setEnvironment("OPENBLAS_THREAD_TIMEOUT", "10"); // its threads would wait by spinning
    setUnlessGiven(ND4JSystemProperties.LOG_INITIALIZATION, "false");
    setUnlessGiven(ND4JSystemProperties.VERSION_CHECK_PROPERTY, "false");
    // JavaCPP would count the memory of the whole process, of other back ends too, against -Xmx
    setUnlessGiven(ND4JSystemProperties.JAVACPP_MEMORY_MAX_BYTES, "0");
    setUnlessGiven(ND4JSystemProperties.JAVACPP_MEMORY_MAX_PHYSICAL_BYTES, "0");
    Nd4j.getExecutioner();
  }

  private Nd4jRuntime() {}

  /** Does nothing the second time. Before any other use of ND4J in this package. */
  static void start() {}

  /** The version of ND4J's interface, as its archive states it. */
  static String version() {
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "of unknown version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * OpenBLAS takes processors that came after it for older ones and then uses half of their vector
   * width, unless it is told their kind.
   */
  private static boolean hasAvx512() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(file)) {
      Optional<String> flags = lines.filter(line -> line.startsWith("flags")).findFirst();
      Set<String> known = new HashSet<>(Arrays.asList(flags.orElse("").split("\\s+", -1)));
      return known.containsAll(AVX_512);
    } catch (IOException e) {
      return false; // a hint only: products are slower without it
    }
  }

  /** For native libraries that read it when they are loaded; what is set already stays. */
  @SuppressWarnings("restricted") // the C library's setenv
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> symbol = linker.defaultLookup().find("setenv");
    if (symbol.isEmpty()) {
      return;
    }
    MethodHandle setenv =
        linker.downcallHandle(
            symbol.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
