package io.kanana.data.document;

import java.nio.charset.StandardCharsets;

/** Text that every encoding of Unicode can hold: a lone surrogate becomes U+FFFD. */
final class WellFormed {
  private WellFormed() {}

  static String of(String text) {
    return hasSurrogates(text) ? ofSurrogates(text) : text;
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static String ofSurrogates(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text) ? text : replaceLoneSurrogates(text);
  }

  private static String replaceLoneSurrogates(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
