package io.kanana.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the operating system and the JVM say about the memory of this process. */
final class ProcessMemory {
  /** How {@link #allocatedBytes} counts, for reports. */
  static final String ALLOCATION_COUNTER =
      "com.sun.management.ThreadMXBean.getTotalThreadAllocatedBytes, all Java threads";

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** The most bytes that were resident since the start; Linux only. */
  static OptionalLong peakResidentBytes() {
    return status("VmHWM:");
  }

  /** The bytes that are resident now; Linux only. */
  static OptionalLong residentBytes() {
    return status("VmRSS:");
  }

  private static OptionalLong status(String key) {
    if (!Files.exists(STATUS)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Bytes of heap in use after a collection. */
  static long heldBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Bytes of heap that all Java threads, living and ended, have ever asked for. */
  static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
