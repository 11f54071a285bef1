package io.kanana.data.dedup;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Texts as datatrove compares them, step by step: lower case, numbers to {@code 0}, punctuation to
 * spaces, white space collapsed, decomposed (NFD) without marks. The order matters. Decomposition
 * splits Hangul syllables into letters.
 *
 * <p>The obvious version of {@link SimplifiedText}, which agrees with it.
 */
final class Simplification {
  private static final Pattern NUMBER =
      Pattern.compile("\\p{Nd}+(?:[.,\u060C\u066B\u2396\u2397\u2398]\\p{Nd}+)?");
  private static final Pattern PUNCTUATION =
      Pattern.compile(
          "[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F!-/:;<=>?@\\[\\\\\\]^_`{|}~\u00AB\u00B4\u00BB\u2013\u2014"
              + "\u2019\u201C\u201D\u201E\u2026\u2236\u2501\u25BA\u3001\u3002\u3008-\u300D\u3010\u3011"
              + "\uFF01\uFF05\uFF08\uFF09\uFF0C\uFF0E\uFF11\uFF1A\uFF1B\uFF1F\uFF5E]");
  private static final Pattern SPACE = Pattern.compile("[\\p{IsWhite_Space}\\x1C-\\x1F]+");
  private static final Pattern MARK = Pattern.compile("\\p{Mn}");

  private Simplification() {}

  static String of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String counted = NUMBER.matcher(lower).replaceAll("0");
    String spaced = SPACE.matcher(PUNCTUATION.matcher(counted).replaceAll(" ")).replaceAll(" ");
    return strip(decomposed(strip(spaced)));
  }

  /** Without marks. */
  private static String decomposed(String text) {
    return MARK.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
  }

  /** All white space is U+0020 by now. */
  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) == ' ') {
      from++;
    }
    while (from < to && text.charAt(to - 1) == ' ') {
      to--;
    }
    return text.substring(from, to);
  }

  static boolean isSpace(char c) {
    String one = String.valueOf(c);
    return PUNCTUATION.matcher(one).matches() || SPACE.matcher(one).matches();
  }

  /** What stays of a character that is neither digit nor space. */
  static String form(char c) {
    return decomposed(String.valueOf(c).toLowerCase(Locale.ROOT));
  }
}
