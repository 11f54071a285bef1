package io.kanana.eval.filter;

import io.kanana.core.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions that were written for Python's {@code re}. */
public final class PythonRegex {
  private PythonRegex() {}

  /**
   * The same expression in Java: {@code \d}, {@code \w} and {@code \s} are those of Unicode, only a
   * line feed ends a line, and a bracket in a class is a character.
   *
   * @param where the key that holds it, for messages
   * @throws ConfigException if it is none
   */
  public static Pattern compile(String where, String regex) {
    try {
      return Pattern.compile(
          translated(regex), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          where, "is no regular expression: " + e.getDescription() + " in " + regex);
    }
  }

  private static String translated(String regex) {
    StringBuilder out = new StringBuilder();
    int classBegin = -1;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\' && i + 1 < regex.length()) {
        char escaped = regex.charAt(++i);
        out.append('\\').append(escaped == 'Z' ? 'z' : escaped);
      } else if (classBegin >= 0) {
        boolean first = i == classBegin + 1 || (i == classBegin + 2 && regex.charAt(i - 1) == '^');
        classBegin = c == ']' && !first ? -1 : classBegin;
        out.append("[&".indexOf(c) >= 0 || (c == ']' && first) ? "\\" : "").append(c);
      } else if (regex.startsWith("(?P<", i)) {
        out.append("(?<");
        i += 3;
      } else {
        classBegin = c == '[' ? i : -1;
        out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * What {@code findall} finds: of each match the whole of it, or its groups where the expression
   * has some; a group that took no part is empty.
   */
  static List<List<String>> findAll(Pattern pattern, String text) {
    List<List<String>> all = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      List<String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i) == null ? "" : matcher.group(i));
      }
      all.add(groups.isEmpty() ? List.of(matcher.group()) : groups);
    }
    return all;
  }
}
