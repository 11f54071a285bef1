package io.kanana.core.tokenizer;

/** Values as error messages show them. */
final class Quoted {
  private static final int LONGEST = 60;

  private Quoted() {}

  /** The text on one line, cut where it is long. */
  static String shortened(String text) {
    String line = text.replace("\r", "\\r").replace("\n", "\\n");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
