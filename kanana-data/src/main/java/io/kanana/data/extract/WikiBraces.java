package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes templates out of wikitext, but for those that only dress a text. */
final class WikiBraces {
  /** Their last parameter without a name is text. */
  private static final Set<String> DRESS =
      Set.of(
          "lang", "llang", "math", "mvar", "nowrap", "transl", "small", "big", "nobr", "val",
          "abbr", "작은 글씨", "큰 글씨", "언어", "수학", "한글");

  /** Of these the first is. */
  private static final Set<String> DRESS_FIRST = Set.of("val", "abbr", "nihongo", "한글");

  private static final int LONGEST_DRESSED = 500;

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
    String dressed = out.length() - start > LONGEST_DRESSED ? "" : dressed(out.substring(start));
    out.setLength(start);
    out.append(dressed);
  }

  /** What a template that dresses a text shows; empty for others. */
  private static String dressed(String content) {
    int bar = content.indexOf('|');
    if (bar < 0) {
      return "";
    }
    String name = content.substring(0, bar).strip().toLowerCase(Locale.ROOT);
    boolean language = name.startsWith("lang-") || name.startsWith("llang-");
    if (!DRESS.contains(name) && !DRESS_FIRST.contains(name) && !language) {
      return "";
    }
    List<String> unnamed = unnamed(content.substring(bar + 1));
    if (unnamed.isEmpty()) {
      return "";
    }
    return (DRESS_FIRST.contains(name) ? unnamed.getFirst() : unnamed.getLast()).strip();
  }

  private static List<String> unnamed(String parameters) {
    List<String> unnamed = new ArrayList<>();
    int from = 0;
    int links = 0;
    for (int i = 0; i <= parameters.length(); i++) {
      char c = i < parameters.length() ? parameters.charAt(i) : '|';
      links += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == '|' && (links <= 0 || i == parameters.length())) {
        String parameter = parameters.substring(from, i);
        if (!parameter.matches("(?s)\\s*[\\w-]{1,20}\\s*=.*") || parameter.startsWith("1=")) {
          unnamed.add(parameter.startsWith("1=") ? parameter.substring(2) : parameter);
        }
        from = i + 1;
      }
    }
    return unnamed;
  }
}
