package io.kanana.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names as a configuration writes them, and what a misspelt one may have meant. */
public final class Names {
  private Names() {}

  /** {@code learningRate} and {@code LearningRate} as {@code learning-rate}. */
  public static String kebab(String camel) {
    return camel
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** An enum constant as a configuration writes it: {@code BF16_MIXED} as {@code bf16-mixed}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How messages call an open part: {@code LrSchedule.Config} is {@code lr-schedule}. */
  public static String ofPart(Class<?> kind) {
    boolean nested = kind.getEnclosingClass() != null && kind.getSimpleName().equals("Config");
    return kebab((nested ? kind.getEnclosingClass() : kind).getSimpleName());
  }

  /** "did you mean ...?" where a known name is near, otherwise the list of those that exist. */
  public static String suggestion(String found, Collection<String> known) {
    return nearest(found, known)
        .map(name -> "did you mean " + name + "?")
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "nothing can be given here"
                    : "known: " + known.stream().sorted().collect(Collectors.joining(", ")));
  }

  /** The known name that takes the fewest edits, unless even that is a different word. */
  public static Optional<String> nearest(String found, Collection<String> known) {
    String word = kebab(found).replace('_', '-');
    int allowed = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(name -> Math.abs(name.length() - word.length()) <= allowed)
        .filter(name -> edits(word, name) <= allowed)
        .min(
            Comparator.comparingInt((String name) -> edits(word, name))
                .thenComparing(name -> name));
  }

  /** Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours. */
  static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int cheapest(int[][] cost, String from, String to, int i, int j) {
    char a = from.charAt(i - 1);
    char b = to.charAt(j - 1);
    int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
    best = Math.min(best, cost[i - 1][j - 1] + (a == b ? 0 : 1));
    if (i > 1 && j > 1 && a == to.charAt(j - 2) && b == from.charAt(i - 2)) {
      best = Math.min(best, cost[i - 2][j - 2] + 1);
    }
    return best;
  }
}
