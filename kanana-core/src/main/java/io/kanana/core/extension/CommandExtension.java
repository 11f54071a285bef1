package io.kanana.core.extension;

/**
 * A command that a jar adds to the command line: found as a service by this name in {@code
 * META-INF/services}.
 */
public interface CommandExtension {
  /** The word that starts it, as in {@code kanana bench}. */
  String name();

  /**
   * A new object that picocli takes for a command: its annotations say options and help. What it
   * throws is shown as {@link io.kanana.core.error.KananaException} says.
   */
  Object command();
}
