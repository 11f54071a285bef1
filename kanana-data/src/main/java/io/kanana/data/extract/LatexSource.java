package io.kanana.data.extract;

import java.util.Set;

/**
 * Takes comments out of LaTeX, and code, in which a percent sign is none, away from later passes.
 */
final class LatexSource {
  private static final Set<String> CODE =
      Set.of("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "alltt");

  private static final Set<String> GONE =
      Set.of("comment", "filecontents", "filecontents*", "CCSXML", "thebibliography");

  private final String text;
  private final Kept kept;
  private final StringBuilder out;
  private final Marks marks;

  private LatexSource(String text, Kept kept) {
    this.text = text;
    this.kept = kept;
    this.out = new StringBuilder(text.length());
    this.marks = new Marks(text);
  }

  static String withoutComments(String text, Kept kept) {
    return new LatexSource(text, kept).run();
  }

  private String run() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '%') {
        i = comment(i);
      } else if (c == '\\') {
        i = command(i);
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** A comment takes the end of its line and what begins the next, but no blank line. */
  private int comment(int percent) {
    int end = text.indexOf('\n', percent);
    if (end < 0) {
      return text.length();
    }
    if (Groups.isBlank(text, end + 1) || out.isEmpty() || out.charAt(out.length() - 1) == '\n') {
      // a line of its own: the line before it has ended already
      return out.isEmpty() || out.charAt(out.length() - 1) == '\n' ? end + 1 : end;
    }
    int next = end + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return next;
  }

  private int command(int at) {
    if (text.startsWith("\\begin{", at)) {
      int close = Groups.near(text, '}', at, 40);
      String name = close < 0 ? "" : text.substring(at + 7, close);
      if (CODE.contains(name) || GONE.contains(name)) {
        return environment(name, close + 1);
      }
    } else if (text.startsWith("\\verb", at) && at + 6 < text.length()) {
      int mark = text.charAt(at + 5) == '*' ? at + 6 : at + 5;
      char fence = text.charAt(mark);
      int end = Groups.near(text, fence, mark + 1, 500);
      boolean oneLine = end >= 0 && text.substring(mark, end).indexOf('\n') < 0;
      if (oneLine && !Character.isLetter(fence)) {
        out.append(kept.keep("`" + text.substring(mark + 1, end) + "`"));
        return end + 1;
      }
    }
    int next = Math.min(text.length(), at + 2);
    out.append(text, at, next);
    return next;
  }

  private int environment(String name, int from) {
    String mark = "\\end{" + name + "}";
    int end = marks.next(mark, from);
    if (end < 0) {
      return from;
    }
    if (CODE.contains(name)) {
      String code = text.substring(options(from), end);
      String trimmed = code.replaceFirst("^[ \t]{0,99}\n", "").stripTrailing();
      out.append("\n\n").append(kept.keep("```\n" + trimmed + "\n```")).append("\n\n");
    }
    return end + mark.length();
  }

  /** Behind {@code [language=C]} and {@code {python}}, where they stand in the same line. */
  private int options(int from) {
    int at = from;
    while (Groups.isAt(text, at, '[') || Groups.isAt(text, at, '{')) {
      int close = Groups.end(text, at);
      if (close < 0 || text.substring(at, close).indexOf('\n') >= 0) {
        return at;
      }
      at = close + 1;
    }
    return at;
  }
}
