package io.kanana.eval.ifeval;

import io.kanana.core.error.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions that mean what they mean in Python: lines end at line feeds only, and words,
 * digits and white space are Python's.
 */
final class PythonPattern {
  /** A character of a word: what is alphanumeric to Python, which combining marks are not. */
  static final String WORD = "[\\p{L}\\p{N}_]";

  /** White space. */
  static final String SPACE = "[\\s\\x1c-\\x1f]";

  /** A place between a word and something else. */
  static final String EDGE =
      "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";

  private static final int FLAGS =
      Pattern.UNIX_LINES | Pattern.MULTILINE | Pattern.UNICODE_CHARACTER_CLASS;

  private PythonPattern() {}

  static Pattern of(String pattern) {
    return compile(pattern, FLAGS);
  }

  static Pattern ignoringCase(String pattern) {
    return compile(pattern, FLAGS | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static Pattern compile(String pattern, int flags) {
    try {
      return Pattern.compile(pattern, flags);
    } catch (PatternSyntaxException e) {
      throw new DataException(
          "\""
              + pattern
              + "\" is no regular expression, as which IFEval takes its keywords: "
              + e.getDescription(),
          e);
    }
  }

  static int count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }
}
