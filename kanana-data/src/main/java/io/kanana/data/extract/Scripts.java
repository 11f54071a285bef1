package io.kanana.data.extract;

/** Digits and signs above and below the line, as Unicode has them. */
final class Scripts {
  private static final String PLAIN = "0123456789+-\u2212";
  private static final String ABOVE =
      "\u2070\u00B9\u00B2\u00B3\u2074\u2075\u2076\u2077\u2078\u2079\u207A\u207B\u207B";
  private static final String BELOW =
      "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089\u208A\u208B\u208B";
  private static final int LONGEST = 12;

  private Scripts() {}

  /** Whether a part of a text can be written so; of a long one nothing is looked at. */
  static boolean holds(String text, int from, int to) {
    return to > from
        && to - from <= LONGEST
        && text.substring(from, to).chars().allMatch(c -> PLAIN.indexOf(c) >= 0);
  }

  static String of(String content, boolean above) {
    StringBuilder script = new StringBuilder();
    content.chars().forEach(c -> script.append((above ? ABOVE : BELOW).charAt(PLAIN.indexOf(c))));
    return script.toString();
  }
}
