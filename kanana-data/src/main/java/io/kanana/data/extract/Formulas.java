package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** TeX of formulas and tables. */
final class Formulas {
  private static final Pattern LABEL =
      Pattern.compile("\\\\(?:label|tag\\*?)\\{[^{}]{0,200}\\}|\\\\(?:nonumber|notag)\\b");

  private static final Pattern RULES =
      Pattern.compile(
          "\\\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot)\\b"
              + "|\\\\(?:cline|cmidrule)(?:\\([^()]{0,20}\\))?\\{[^{}]{0,40}\\}");

  private static final int LONGEST_INLINE = 4000;

  private Formulas() {}

  /** Where a formula between dollars ends, before the next blank line; -1 where it does not. */
  static int end(String text, String fence, int from) {
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

  /** The formula in one line, without what numbers it. */
  static String tidy(String tex) {
    String plain = LABEL.matcher(tex).replaceAll("");
    StringBuilder tidy = new StringBuilder(plain.length());
    boolean space = false;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (Character.isWhitespace(c)) {
        space = true;
      } else {
        tidy.append(space && !tidy.isEmpty() ? " " : "").append(c);
        space = false;
      }
    }
    return tidy.toString();
  }

  /** A formula of several lines, in an environment that may stand between dollars. */
  static String aligned(String tex, String environment) {
    boolean lines = tex.contains("\\\\") || tex.contains("&");
    boolean own = tex.contains("\\begin{aligned}") || tex.contains("\\begin{split}");
    if (environment.equals("subequations")) {
      return tex.replaceAll("\\\\(begin|end)\\{(align|equation|gather)\\*?\\}", "");
    }
    return lines && !own && !environment.equals("equation")
        ? "\\begin{aligned}" + tex + "\\end{aligned}"
        : tex;
  }

  static List<String> rows(String table) {
    return split(RULES.matcher(table).replaceAll(""), true);
  }

  static List<String> cells(String row) {
    return split(row, false);
  }

  /** At {@code \\} or at {@code &}, outside braces. */
  private static List<String> split(String text, boolean rows) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        boolean end = rows && depth <= 0 && Groups.isAt(text, i + 1, '\\');
        if (end) {
          parts.add(text.substring(from, i));
          from = i + 2;
        }
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == '&' && !rows && depth <= 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }
}
