package io.kanana.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives standard error back to the program. The JVM announces the Vector API's incubator module on
 * it before {@code main}, and no option says otherwise; so the launcher starts the JVM with
 * standard error kept on descriptor 3, and this puts it where it belongs, for native code too.
 */
final class StandardError {
  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /** Undoes what the launcher did, if it was the launcher that started us. */
  @SuppressWarnings("restricted") // the launcher enables native access
  static void restore() {
    Integer kept = Integer.getInteger("kanana.stderr");
    if (kept == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    MethodHandle dup2 =
        linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"), signature);
    try {
      int _ = (int) dup2.invokeExact((int) kept, STANDARD_ERROR);
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 cannot be called", e);
    }
  }
}
