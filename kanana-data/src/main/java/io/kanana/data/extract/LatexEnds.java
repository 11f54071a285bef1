package io.kanana.data.extract;

import java.util.HashMap;
import java.util.Map;

/** Where marks occur next in a text that is gone through once; all look-ups take linear time. */
final class LatexEnds {
  private static final int LONGEST_INLINE = 4000;

  private final String text;
  private final Map<String, Integer> next = new HashMap<>();

  LatexEnds(String text) {
    this.text = text;
  }

  /** The next place of a mark from one on, or -1; places are to grow from call to call. */
  int next(String mark, int from) {
    int known = next.getOrDefault(mark, -1);
    if (known < from) {
      int found = text.indexOf(mark, from);
      known = found < 0 ? Integer.MAX_VALUE : found;
      next.put(mark, known);
    }
    return known == Integer.MAX_VALUE ? -1 : known;
  }

  /** Where a formula between dollars ends, before the next blank line; -1 where it does not. */
  int formula(String fence, int from) {
    int limit = Math.min(text.length(), from + LONGEST_INLINE);
    for (int i = from; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '$') {
        return text.startsWith(fence, i) ? i : -1;
      } else if (c == '\n' && Groups.isBlank(text, i + 1) && fence.length() == 1) {
        return -1;
      }
    }
    return -1;
  }
}
