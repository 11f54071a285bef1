package io.kanana.data.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link RepeatedNgrams} and {@link DuplicateLines} in the most obvious way, with strings. */
final class SlowRepetition {
  private SlowRepetition() {}

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static long top(List<String> words, int n) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i + n <= words.size(); i++) {
      counts.merge(String.join(" ", words.subList(i, i + n)), 1, Integer::sum);
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .findFirst()
        .map(entry -> (long) most * length(entry.getKey()))
        .orElse(0L);
  }

  static long duplicates(List<String> words, int n) {
    Set<String> seen = new HashSet<>();
    long characters = 0;
    int at = 0;
    while (at + n <= words.size()) {
      String run = String.join("", words.subList(at, at + n));
      if (seen.add(run)) {
        at++;
      } else {
        characters += length(run);
        at += n;
      }
    }
    return characters;
  }

  /** The number of lines that were there before, and their length. */
  static List<Integer> duplicateLines(List<String> lines) {
    Set<String> seen = new HashSet<>();
    List<String> repeated = new ArrayList<>();
    for (String line : lines) {
      if (!seen.add(line)) {
        repeated.add(line);
      }
    }
    return List.of(repeated.size(), repeated.stream().mapToInt(SlowRepetition::length).sum());
  }
}
