package io.kanana.core.html;

/** Text that stays text in HTML. */
public final class HtmlText {
  private HtmlText() {}

  /**
   * A text that stays text, whatever it holds, between tags and in quoted attributes. Characters
   * that no HTML may hold, and those that turn the direction of what follows, are made visible.
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isHarmful(c) ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  private static boolean isHarmful(char c) {
    boolean control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
    boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return control || direction || (c >= 0xFDD0 && c <= 0xFDEF) || c >= 0xFFFE;
  }
}
