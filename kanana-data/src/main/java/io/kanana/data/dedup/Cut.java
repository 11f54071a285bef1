package io.kanana.data.dedup;

import java.util.Arrays;

/** Where a text may be cut, so that the pieces together are the text. */
enum Cut {
  /** After each line. */
  LINES {
    @Override
    boolean endsAt(String text, int i, int mark) {
      return text.charAt(i) == '\n';
    }
  },
  /** After each empty line. */
  PARAGRAPHS {
    @Override
    boolean endsAt(String text, int i, int mark) {
      return text.charAt(i) == '\n' && i > 0 && lineBefore(text, i).isBlank();
    }
  },
  /**
   * After each line, and after a full stop, question or exclamation mark with what closes after it,
   * where white space or, for full-width marks, anything follows. Cuts after abbreviations too:
   * equal texts are cut equally, and more is not needed here.
   */
  SENTENCES {
    @Override
    boolean endsAt(String text, int i, int mark) {
      char c = text.charAt(i);
      if (c == '\n') {
        return true;
      }
      boolean ends = mark >= 0 && (MARKS + WIDE_MARKS).indexOf(text.charAt(mark)) >= 0;
      if (!ends || i + 1 == text.length()) {
        return ends;
      }
      char next = text.charAt(i + 1);
      boolean goesOn = (MARKS + WIDE_MARKS + CLOSING).indexOf(next) >= 0;
      return Character.isWhitespace(next)
          || (!goesOn && WIDE_MARKS.indexOf(text.charAt(mark)) >= 0);
    }
  };

  private static final String MARKS = ".!?\u2026";
  private static final String WIDE_MARKS = "\u3002\uFF01\uFF1F";
  private static final String CLOSING = "\"')]\u2019\u201D\u300D\u300F\uFF09";

  /**
   * Whether a piece ends with the character at {@code i}, and white space after it.
   *
   * @param mark the last place up to {@code i} whose character closes nothing, or -1
   */
  abstract boolean endsAt(String text, int i, int mark);

  private static String lineBefore(String text, int end) {
    return text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
  }

  /**
   * Where each piece begins, and the end of the text. White space between pieces ends the first.
   */
  int[] starts(String text) {
    int[] starts = new int[16];
    int count = 1;
    int mark = -1;
    for (int i = 0; i < text.length(); i++) {
      mark = CLOSING.indexOf(text.charAt(i)) < 0 ? i : mark;
      if (endsAt(text, i, mark)) {
        i = spaceEnd(text, i) - 1;
        mark = i;
        starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
        starts[count++] = i + 1;
      }
    }
    if (starts[count - 1] == text.length()) {
      return Arrays.copyOf(starts, count);
    }
    starts = Arrays.copyOf(starts, count + 1);
    starts[count] = text.length();
    return starts;
  }

  /** The end of the white space after a piece, without what indents the next line. */
  private static int spaceEnd(String text, int last) {
    int end = last + 1;
    while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    int line = end - 1;
    while (line >= last && text.charAt(line) != '\n') {
      line--;
    }
    return line >= last && end < text.length() ? line + 1 : end;
  }
}
