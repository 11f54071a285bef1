package io.kanana.data.text;

/** Cuts a text into lines or paragraphs, without their line breaks. */
public final class Lines {
  private Lines() {}

  /** Cuts at every line break of any kind; a break at the very end begins no further line. */
  public static Spans atBreaks(char[] chars, int length, Spans out) {
    out.clear();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (Characters.isLineBreak(chars[i])) {
        out.add(start, i);
        boolean pair = chars[i] == '\r' && i + 1 < length && chars[i + 1] == '\n';
        i += pair ? 1 : 0;
        start = i + 1;
      }
    }
    if (start < length) {
      out.add(start, length);
    }
    return out;
  }

  /**
   * Cuts at every run of {@code least} or more line feeds, and at nothing else; a text without any
   * is one, and what precedes the first or follows the last run is one too, even if it is empty.
   */
  public static Spans atRuns(char[] chars, int from, int to, int least, Spans out) {
    out.clear();
    int start = from;
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && chars[end] == '\n') {
        end++;
      }
      if (end - at >= least) {
        out.add(start, at);
        start = end;
      }
      at = Math.max(end, at + 1);
    }
    out.add(start, to);
    return out;
  }

  /** Cuts at line feeds and leaves out lines that are blank. */
  public static Spans notBlank(char[] chars, int length, Spans out) {
    out.clear();
    int start = 0;
    for (int i = 0; i <= length; i++) {
      if (i == length || chars[i] == '\n') {
        if (Characters.skipSpaces(chars, start, i) < i) {
          out.add(start, i);
        }
        start = i + 1;
      }
    }
    return out;
  }
}
