package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.Deque;

/** Takes templates out of wikitext, but for what {@link WikiTemplates} knows to show. */
final class WikiBraces {
  private static final int LONGEST_SHOWN = 2_000;

  private final String text;
  private final StringBuilder out;
  private final Deque<Integer> open = new ArrayDeque<>();

  private WikiBraces(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  static String remove(String text) {
    return new WikiBraces(text).run();
  }

  private String run() {
    int i = 0;
    while (i < text.length()) {
      if (text.startsWith("{{", i)) {
        open.push(out.length());
        i += 2;
      } else if (text.startsWith("}}", i)) {
        close();
        i += 2;
      } else {
        if (text.charAt(i) == '\n' && isHeading(i + 1)) {
          // what is open here was never closed: its content stays
          open.clear();
        }
        out.append(text.charAt(i++));
      }
    }
    return out.toString();
  }

  private boolean isHeading(int line) {
    if (!text.startsWith("==", line)) {
      return false;
    }
    int end = text.indexOf('\n', line);
    int limit = end < 0 ? text.length() : end;
    return limit - line < 300 && Wikitext.level(text.substring(line, limit)) > 0;
  }

  private void close() {
    if (open.isEmpty()) {
      return;
    }
    int start = open.pop();
    String shown =
        out.length() - start > LONGEST_SHOWN ? "" : WikiTemplates.shown(out.substring(start));
    out.setLength(start);
    out.append(shown);
  }
}
