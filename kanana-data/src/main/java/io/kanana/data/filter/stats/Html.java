package io.kanana.data.filter.stats;

import io.kanana.core.html.HtmlText;
import java.util.Locale;

/** Text and numbers as HTML shows them. */
final class Html {
  private Html() {}

  /** A text that stays text, as {@link HtmlText} has it. */
  static String escape(String text) {
    return HtmlText.escape(text);
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
