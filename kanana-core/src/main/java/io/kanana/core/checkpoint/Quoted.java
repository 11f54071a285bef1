package io.kanana.core.checkpoint;

import java.util.Locale;

/** Names from a file as they may appear in an error: on one line, printable, not too long. */
final class Quoted {
  private static final int LONGEST = 120;

  private Quoted() {}

  static String of(String name) {
    StringBuilder out = new StringBuilder("'");
    name.codePoints().limit(LONGEST).forEach(c -> append(out, c));
    return out.append(name.length() > LONGEST ? "...'" : "'").toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    if (Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.FORMAT) {
      out.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
    } else {
      out.appendCodePoint(codePoint);
    }
  }
}
