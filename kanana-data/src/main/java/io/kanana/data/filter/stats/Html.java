package io.kanana.data.filter.stats;

import java.util.Locale;

/** Text and numbers as HTML shows them. */
final class Html {
  private Html() {}

  /**
   * A text that stays text, whatever it holds, between tags and in quoted attributes. Characters
   * that no HTML may hold, and those that turn the direction of what follows, are made visible.
   */
  static String escape(String text) {
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

  /** A whole number with its thousands apart. */
  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A part of a whole in percent; a dash where there is no whole. */
  static String percent(long part, long whole) {
    return whole == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  /** Bytes in the unit that fits. */
  static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /** A share between 0 and 1; a dash where there is none. */
  static String share(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.3f", share);
  }
}
