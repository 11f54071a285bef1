package io.kanana.core.tokenizer;

/** The loops that the hand-written scanners share. */
final class Scans {
  private Scans() {}

  /** The end of the run of one class that begins at {@code i}. */
  static int run(char[] text, int i, int to, byte charClass) {
    int end = i;
    while (end < to && CharClasses.at(text, end) == charClass) {
      end += CharClasses.width(text, end);
    }
    return end;
  }

  /**
   * Where {@code \s+(?!\S)|\s+} ends for the white space {@code [from, end)} of a text that ends at
   * {@code to}: before the last space if something follows, which the next word takes.
   */
  static int leaveLastSpace(int from, int end, int to) {
    return end == to || end - from == 1 ? end : end - 1;
  }
}
