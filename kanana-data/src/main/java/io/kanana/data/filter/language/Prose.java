package io.kanana.data.filter.language;

/**
 * What of a text is written in a language: all but addresses of the web and the code between
 * Markdown's backquotes. A page that explains a program in Korean is Korean, whatever the program
 * is written in.
 */
final class Prose {
  /** From so many backquotes on, code may have several lines. */
  private static final int FENCE = 3;

  private final String text;
  private final StringBuilder prose;

  private Prose(String text) {
    this.text = text;
    this.prose = new StringBuilder(text.length());
  }

  /** The text without code and addresses, and as it is where nothing else has a letter. */
  static String of(String text) {
    if (text.indexOf('`') < 0 && !text.contains("://")) {
      return text;
    }
    String prose = new Prose(text).withoutCode();
    prose = prose.contains("://") ? new Prose(prose).withoutAddresses() : prose;
    return prose.chars().anyMatch(Character::isLetter) ? prose : text;
  }

  /**
   * A run of backquotes that nothing closes is text; its search costs one line, or the text once.
   */
  private String withoutCode() {
    int at = 0;
    for (int tick = text.indexOf('`'); tick >= 0; tick = text.indexOf('`', tick)) {
      int run = endOfRun(tick);
      int end = run - tick >= FENCE ? closingFence(run) : closing(run, run - tick);
      if (end >= 0) {
        prose.append(text, at, tick).append(' ');
        at = end;
      }
      tick = Math.max(run, at);
    }
    return prose.append(text, at, text.length()).toString();
  }

  private int endOfRun(int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) == '`') {
      end++;
    }
    return end;
  }

  /** Where the next fence ends, or -1. */
  private int closingFence(int from) {
    int fence = text.indexOf("```", from);
    return fence < 0 ? -1 : endOfRun(fence);
  }

  /** Where the next run of as many backquotes of the same line ends, or -1. */
  private int closing(int from, int length) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n') {
      int end = endOfRun(at);
      if (end - at == length) {
        return end;
      }
      at = Math.max(end, at + 1);
    }
    return -1;
  }

  private String withoutAddresses() {
    int at = 0;
    for (int colon = text.indexOf("://"); colon >= 0; colon = text.indexOf("://", at)) {
      int from = colon;
      while (from > at && isScheme(text.charAt(from - 1))) {
        from--;
      }
      prose.append(text, at, from).append(' ');
      at = colon + 3;
      while (at < text.length() && isAddress(text.charAt(at))) {
        at++;
      }
    }
    return prose.append(text, at, text.length()).toString();
  }

  private static boolean isScheme(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** An address ends where RFC 3986 has no character for it, and where Hangul touches it. */
  private static boolean isAddress(char c) {
    return c > ' ' && c < 0x7F && "<>\"`{}|\\^".indexOf(c) < 0;
  }
}
