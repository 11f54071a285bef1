package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.List;

/** Parts of a text that later passes must not touch: each is replaced by a mark and put back. */
final class Kept {
  private static final char OPEN = '\uE000';
  private static final char CLOSE = '\uE001';

  private final List<String> parts = new ArrayList<>();

  /** The text without the characters that marks are made of, which are of private use. */
  static String free(String text) {
    return text.replace(OPEN, '\uFFFD').replace(CLOSE, '\uFFFD');
  }

  /** The mark that stands for a part. */
  String keep(String part) {
    parts.add(part);
    return OPEN + Integer.toString(parts.size() - 1) + CLOSE;
  }

  /** The text with each part in the place of its mark. */
  String restore(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    int done = 0;
    for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, done)) {
      int close = text.indexOf(CLOSE, open);
      whole.append(text, done, open);
      String part = close < 0 ? null : part(text.substring(open + 1, close));
      if (part == null) {
        // a mark that was cut by a later pass stands for nothing
        done = open + 1;
      } else {
        whole.append(part);
        done = close + 1;
      }
    }
    return whole.append(text, done, text.length()).toString().replace(String.valueOf(CLOSE), "");
  }

  private String part(String number) {
    if (number.isEmpty() || number.length() > 9 || !number.chars().allMatch(Character::isDigit)) {
      return null;
    }
    int index = Integer.parseInt(number);
    return index < parts.size() ? parts.get(index) : null;
  }
}
