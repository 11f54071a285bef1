package io.kanana.data.document;

/** Text that every encoding of Unicode can hold: a lone surrogate becomes U+FFFD. */
public final class WellFormed {
  private WellFormed() {}

  /** The text itself where it is so already. */
  public static String of(String text) {
    return holds(text) ? text : replaceLoneSurrogates(text);
  }

  private static boolean holds(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < length
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static String replaceLoneSurrogates(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
