package io.kanana.eval.filter;

import io.kanana.eval.request.Spaces;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes one match out of an answer: the first of its groups that is not empty.
 *
 * @param select which match, from 0, or from -1 backwards
 * @param fallback what an answer without one becomes
 */
record RegexFilter(Pattern pattern, int select, String fallback) {
  String extracted(String answer) {
    List<List<String>> all = PythonRegex.findAll(pattern, answer);
    int index = select < 0 ? all.size() + select : select;
    if (index < 0 || index >= all.size()) {
      return fallback;
    }
    return taken(all.get(index)).map(Spaces::strip).orElse(fallback);
  }

  private static Optional<String> taken(List<String> groups) {
    return groups.size() == 1
        ? Optional.of(groups.getFirst())
        : groups.stream().filter(group -> !group.isEmpty()).findFirst();
  }
}
