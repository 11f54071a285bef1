package io.kanana.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.config.Paths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one job's settings name another's output: {@code ${filter}/kept} stands for {@code kept} in
 * the output directory of the job {@code filter}. A second dollar before it makes it plain text.
 *
 * @param place the key, below the section of the job that refers
 * @param job the name that is referred to
 * @param below what follows it in the text, without the slash: {@code kept}
 */
public record JobReference(String place, String job, String below) {
  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^{}]*)}(/?)");

  /** All references in a section, in its order. */
  static List<JobReference> in(JsonNode section) {
    List<JobReference> references = new ArrayList<>();
    collect(section, "", references);
    return references;
  }

  private static void collect(JsonNode node, String place, List<JobReference> into) {
    switch (node) {
      case ObjectNode section ->
          section
              .properties()
              .forEach(
                  entry -> collect(entry.getValue(), Paths.child(place, entry.getKey()), into));
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          collect(list.get(i), Paths.child(place, i), into);
        }
      }
      case TextNode text -> collect(text.textValue(), place, into);
      default -> {
        // numbers and flags refer to nothing
      }
    }
  }

  private static void collect(String text, String place, List<JobReference> into) {
    List<MatchResult> found =
        REFERENCE.matcher(text).results().filter(match -> match.group(1).isEmpty()).toList();
    for (MatchResult match : found) {
      String below = match.group(3).isEmpty() ? "" : text.substring(match.end());
      into.add(new JobReference(place, match.group(2), below));
    }
  }

  /**
   * A copy of a section with every reference replaced.
   *
   * @param outputs the directory of each job that is referred to
   */
  static JsonNode resolve(JsonNode section, Map<String, Path> outputs) {
    return replaced(section, match -> replacement(match, outputs));
  }

  /**
   * The same of a section that has jobs of its own, which resolve what is left: references to
   * others than those of {@code outputs}, and doubled dollars.
   */
  static JsonNode resolveAround(JsonNode section, Map<String, Path> outputs) {
    return replaced(
        section, match -> isLeft(match, outputs) ? match.group() : replacement(match, outputs));
  }

  private static JsonNode replaced(JsonNode node, Function<MatchResult, String> by) {
    return switch (node) {
      case ObjectNode section -> {
        ObjectNode replaced = section.objectNode();
        section
            .properties()
            .forEach(entry -> replaced.set(entry.getKey(), replaced(entry.getValue(), by)));
        yield replaced;
      }
      case ArrayNode list -> {
        ArrayNode replaced = list.arrayNode();
        list.forEach(element -> replaced.add(replaced(element, by)));
        yield replaced;
      }
      case TextNode text ->
          TextNode.valueOf(
              REFERENCE
                  .matcher(text.textValue())
                  .replaceAll(match -> Matcher.quoteReplacement(by.apply(match))));
      default -> node;
    };
  }

  private static boolean isLeft(MatchResult match, Map<String, Path> outputs) {
    return !match.group(1).isEmpty() || !outputs.containsKey(match.group(2));
  }

  private static String replacement(MatchResult match, Map<String, Path> outputs) {
    if (!match.group(1).isEmpty()) {
      return match.group().substring(1);
    }
    return outputs.get(match.group(2)) + match.group(3);
  }

  /** As it stands in the settings, but for the dollar: {@code filter/kept}. */
  @Override
  public String toString() {
    return below.isEmpty() ? job : job + "/" + below;
  }
}
