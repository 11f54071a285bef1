package io.kanana.core.checkpoint;

/** Whether text is the name of a file within one directory, whatever the system. */
final class PlainName {
  private static final int LONGEST = 200;

  private PlainName() {}

  static boolean holds(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && !name.startsWith(".")
        && name.chars().noneMatch(c -> c < ' ' || c == 127 || "/\\:*?\"<>|".indexOf(c) >= 0);
  }
}
