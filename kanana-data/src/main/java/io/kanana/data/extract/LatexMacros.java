package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Simple macros of an author's: collected where they are defined, put in where they are used. */
final class LatexMacros {
  private static final int DEPTH = 8;
  private static final int SPARE = 1 << 20;

  private static final Pattern DEFINITION =
      Pattern.compile(
          "\\\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\\*?\\s{0,9}"
              + "(?:\\{\\s{0,9}(\\\\[a-zA-Z@]{1,60})\\s{0,9}\\}|(\\\\[a-zA-Z@]{1,60}))"
              + "\\s{0,9}(?:\\[(\\d)\\])?\\s{0,9}(?:\\[([^\\]\n]{0,200})\\])?\\s{0,9}(?=\\{)"
              + "|\\\\[gex]?def\\s{0,9}(\\\\[a-zA-Z@]{1,60})((?:#\\d){0,9})\\s{0,9}(?=\\{)"
              + "|\\\\DeclareMathOperator\\*?\\s{0,9}\\{?(\\\\[a-zA-Z@]{1,60})\\}?\\s{0,9}(?=\\{)");

  private record Macro(int parameters, String first, String body) {}

  private final Map<String, Macro> macros = new HashMap<>();
  private final StringBuilder out = new StringBuilder();
  private int limit;
  private long work;

  /** The text without its definitions, which are kept. */
  String collect(String text) {
    if (!text.contains("def") && !text.contains("command") && !text.contains("Operator")) {
      return text;
    }
    StringBuilder rest = new StringBuilder(text.length());
    Matcher matcher = DEFINITION.matcher(text);
    int done = 0;
    while (matcher.find(done)) {
      rest.append(text, done, matcher.start());
      int close = Groups.endBeyondParagraphs(text, matcher.end());
      done = close < 0 ? matcher.end() : close + 1;
      if (close >= 0) {
        define(matcher, text.substring(matcher.end() + 1, close));
      }
    }
    return rest.append(text, done, text.length()).toString();
  }

  private void define(Matcher matcher, String body) {
    if (matcher.group(7) != null) {
      macros.put(matcher.group(7), new Macro(0, null, "\\operatorname{" + body + "}"));
    } else if (matcher.group(5) != null) {
      macros.put(matcher.group(5), new Macro(matcher.group(6).length() / 2, null, body));
    } else {
      String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      int count = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
      macros.put(name, new Macro(count, matcher.group(4), body));
    }
  }

  /** The text with the macros put in; once it has grown too much the rest stays as it is. */
  String expand(String text) {
    if (macros.isEmpty()) {
      return text;
    }
    out.setLength(0);
    work = 0;
    limit = text.length() > Integer.MAX_VALUE / 4 ? Integer.MAX_VALUE : 2 * text.length() + SPARE;
    expand(text, 0);
    return out.toString();
  }

  private void expand(String text, int depth) {
    int i = 0;
    while (i < text.length()) {
      int command = text.indexOf('\\', i);
      if (command < 0 || out.length() > limit) {
        out.append(text, i, text.length());
        return;
      }
      out.append(text, i, command);
      int end = nameEnd(text, command);
      String name = text.substring(command, end);
      Macro macro = depth < DEPTH && !isExhausted() ? macros.get(name) : null;
      i = macro == null ? -1 : put(macro, text, end, depth);
      if (i < 0) {
        out.append(name);
        i = end;
      }
    }
  }

  static int nameEnd(String text, int command) {
    int end = command + 1;
    while (end < text.length() && end - command < 62 && isLetter(text.charAt(end))) {
      end++;
    }
    return end == command + 1 ? Math.min(text.length(), end + 1) : end;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '@';
  }

  /** Puts a macro in; returns where its arguments end, or -1 where they are not all there. */
  private int put(Macro macro, String text, int from, int depth) {
    List<String> arguments = new ArrayList<>();
    int at = from;
    if (macro.first != null && macro.parameters > 0) {
      int open = Groups.skipSpace(text, at);
      int close = Groups.isAt(text, open, '[') ? Groups.end(text, open) : -1;
      arguments.add(close < 0 ? macro.first : text.substring(open + 1, close));
      at = close < 0 ? at : close + 1;
    }
    while (arguments.size() < macro.parameters) {
      int open = Groups.skipSpace(text, at);
      if (open >= text.length()) {
        return -1;
      }
      boolean group = text.charAt(open) == '{';
      int close = group ? Groups.endBeyondParagraphs(text, open) : tokenEnd(text, open);
      if (close < 0) {
        return -1;
      }
      arguments.add(text.substring(group ? open + 1 : open, close));
      at = group ? close + 1 : close;
    }
    String result = substituted(macro.body, arguments);
    work += result.length() + 16;
    if (isExhausted()) {
      return -1;
    }
    // TeX takes the space behind a name away, and a letter must not join a command at the end
    boolean letter = at < text.length() && isLetter(text.charAt(at));
    expand(result + (macro.parameters == 0 && letter ? " " : ""), depth + 1);
    return at;
  }

  /** Macros that call macros take exponential time, whether anything comes out or not. */
  private boolean isExhausted() {
    return work > 4L * limit;
  }

  private static int tokenEnd(String text, int at) {
    return text.charAt(at) == '\\' ? nameEnd(text, at) : at + 1;
  }

  /** Not built further once it is longer than all that may still be put in. */
  private String substituted(String body, List<String> arguments) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < body.length() && work + result.length() <= 4L * limit; i++) {
      char c = body.charAt(i);
      int number = c == '#' && i + 1 < body.length() ? body.charAt(i + 1) - '0' : 0;
      if (number >= 1 && number <= arguments.size()) {
        result.append(arguments.get(number - 1));
        i++;
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }
}
