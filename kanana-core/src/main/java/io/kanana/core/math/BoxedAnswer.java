package io.kanana.core.math;

import java.util.Optional;

/** The final answer of a solution that marks it by {@code \boxed{...}}, as those of MATH do. */
public final class BoxedAnswer {
  private static final String[] COMMANDS = {"\\boxed", "\\fbox"};

  private BoxedAnswer() {}

  /**
   * What the last box holds, which may have braces inside; {@code \boxed 7} holds what comes up to
   * a dollar sign or the end of the line. Nothing where there is no box, or the last is not closed.
   */
  public static Optional<String> last(String solution) {
    int start = -1;
    int length = 0;
    for (String command : COMMANDS) {
      int found = solution.lastIndexOf(command);
      if (found > start) {
        start = found;
        length = command.length();
      }
    }
    return start < 0 ? Optional.empty() : content(solution, start + length);
  }

  private static Optional<String> content(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '{') {
      int end = Braces.end(text, at);
      return end < 0 ? Optional.empty() : Optional.of(text.substring(at + 1, end).strip());
    }
    int end = at;
    while (end < text.length() && "$\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(at, end).strip();
    return word.isEmpty() || at == from ? Optional.empty() : Optional.of(word);
  }
}
