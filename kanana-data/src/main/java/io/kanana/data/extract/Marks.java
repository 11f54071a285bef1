package io.kanana.data.extract;

import java.util.HashMap;
import java.util.Map;

/** Where marks occur next in a text that is gone through once; all look-ups take linear time. */
final class Marks {
  private final String text;
  private final Map<String, Integer> places = new HashMap<>();

  Marks(String text) {
    this.text = text;
  }

  /** The next place of a mark from one on, or -1; places are to grow from call to call. */
  int next(String mark, int from) {
    int known = places.getOrDefault(mark, -1);
    if (known < from) {
      int found = text.indexOf(mark, from);
      known = found < 0 ? Integer.MAX_VALUE : found;
      places.put(mark, known);
    }
    return known == Integer.MAX_VALUE ? -1 : known;
  }
}
