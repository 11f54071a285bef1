package io.kanana.data.miniature;

/**
 * English forms that depend on neighbours: {@code a(n)} becomes a or an, and a sentence, an answer
 * after a colon and quoted speech begin with a capital. Read by hand: regular expressions took
 * longer than all else that makes a page.
 */
final class EnglishForms {
  private static final String OPEN_ARTICLE = "(n) ";

  private EnglishForms() {}

  static String resolve(String text) {
    StringBuilder out = new StringBuilder(text.length());
    resolveArticles(text, out);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'a' && c <= 'z' && begins(out, i)) {
        out.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return out.toString();
  }

  private static void resolveArticles(String text, StringBuilder out) {
    int done = 0;
    int at = text.indexOf(OPEN_ARTICLE);
    while (at >= 0) {
      int next = at + OPEN_ARTICLE.length();
      if (isArticle(text, at) && next < text.length() && !isLineBreak(text.charAt(next))) {
        out.append(text, done, at).append(isVowel(text.charAt(next)) ? "n " : " ");
        done = next;
      }
      at = text.indexOf(OPEN_ARTICLE, next);
    }
    out.append(text, done, text.length());
  }

  /** Whether the word before an index is the letter a. */
  private static boolean isArticle(String text, int end) {
    return end > 0
        && (text.charAt(end - 1) == 'a' || text.charAt(end - 1) == 'A')
        && (end == 1 || !isWord(text.charAt(end - 2)));
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static boolean isVowel(char letter) {
    return "aeiouAEIOU".indexOf(letter) >= 0;
  }

  /** Whether the letter at an index begins a sentence, an answer or speech. */
  private static boolean begins(CharSequence text, int i) {
    if (i == 0) {
      return true;
    }
    char before = text.charAt(i - 1);
    if (before != '"') {
      return isBeginning(text, i);
    }
    return isBeginning(text, i - 1) || text.charAt(i - 2) == ' ';
  }

  /** Whether a line begins here, or the space before follows what ends a sentence, or a colon. */
  private static boolean isBeginning(CharSequence text, int i) {
    if (i == 0 || isLineBreak(text.charAt(i - 1))) {
      return true;
    }
    if (i == 1 || text.charAt(i - 1) != ' ') {
      return false;
    }
    return switch (text.charAt(i - 2)) {
      case '.', '!', '?', ':' -> true;
      case '"' -> i > 2 && text.charAt(i - 3) == '.';
      default -> false;
    };
  }

  /** The line terminators of regular expressions. */
  static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }
}
