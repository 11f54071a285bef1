package io.kanana.data.miniature;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a rule, read once: what stands as it is, {@code {slots}} to be filled, and {@code
 * [rules]} to be expanded. Immutable.
 */
record Line(List<Part> parts) {
  private static final Pattern PART = Pattern.compile("\\[([a-z.-]+)]|\\{([a-z.-]+)}");

  Line {
    parts = List.copyOf(parts);
  }

  /** What lines consist of. */
  sealed interface Part {}

  /** Text that stands as it is. */
  record Words(String text) implements Part {}

  /** A place where one line of another rule stands. */
  record Rule(String name) implements Part {}

  /**
   * A place for what a slot stands for.
   *
   * @param owner of a dotted slot, what comes before its last dot; null for others
   * @param attribute what comes after it
   */
  record Slot(String name, Slot owner, String attribute) implements Part {
    static Slot of(String name) {
      int dot = name.lastIndexOf('.');
      return dot > 0
          ? new Slot(name, of(name.substring(0, dot)), name.substring(dot + 1))
          : new Slot(name, null, name);
    }
  }

  static Line of(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      addWords(text.substring(end, part.start()), parts);
      parts.add(part.group(1) != null ? new Rule(part.group(1)) : Slot.of(part.group(2)));
      end = part.end();
    }
    addWords(text.substring(end), parts);
    return new Line(parts);
  }

  private static void addWords(String words, List<Part> parts) {
    if (!words.isEmpty()) {
      parts.add(new Words(words));
    }
  }
}
