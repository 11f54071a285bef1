package io.kanana.eval.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.request.Spaces;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The filters of lm-evaluation-harness, by the names and options of its task files. */
public final class ResponseFilters {
  /** Changes one answer, knowing its document. */
  public interface Change {
    String of(String answer, ObjectNode document);
  }

  private static final String INVALID = "[invalid]";

  private static final Map<String, Set<String>> OPTIONS =
      Map.of(
          "take_first", Set.of(),
          "take_first_k", Set.of("k"),
          "majority_vote", Set.of(),
          "regex", Set.of("regex_pattern", "group_select", "fallback"),
          "multi_choice_regex",
              Set.of(
                  "regex_pattern",
                  "group_select",
                  "fallback",
                  "ignore_case",
                  "ignore_punctuation",
                  "regexes_to_ignore"),
          "remove_whitespace", Set.of(),
          "lowercase", Set.of(),
          "uppercase", Set.of(),
          "map", Set.of("mapping_dict", "default_value"));

  private static final String USUAL_REGEX = "#### (\\-?[0-9\\.\\,]+)";

  private ResponseFilters() {}

  /** Takes the first answer, as is done where a task says nothing. */
  public static FilterChain usual() {
    return new FilterChain(FilterChain.NONE, List.of(ResponseFilters::first));
  }

  /** Changes every answer. */
  public static ResponseFilter each(Change change) {
    return (responses, document) -> {
      ArrayNode changed = JsonNodeFactory.instance.arrayNode();
      list(responses).forEach(answer -> changed.add(change.of(text(answer), document)));
      return changed;
    };
  }

  /**
   * A filter by its name.
   *
   * @param where the key of the task file, for messages
   * @param options beside {@code function}
   * @throws ConfigException if the name, an option or its value is none
   */
  public static ResponseFilter named(String where, String name, ObjectNode options) {
    if (!OPTIONS.containsKey(name)) {
      throw new ConfigException(
          where, "unknown filter \"" + name + "\"; " + Names.suggestion(name, OPTIONS.keySet()));
    }
    for (Map.Entry<String, JsonNode> option : options.properties()) {
      if (!OPTIONS.get(name).contains(option.getKey())) {
        throw new ConfigException(
            where + "." + option.getKey(),
            "the filter " + name + " has no such option; it has " + OPTIONS.get(name));
      }
    }
    return made(where, name, options);
  }

  private static ResponseFilter made(String where, String name, ObjectNode options) {
    return switch (name) {
      case "take_first" -> ResponseFilters::first;
      case "take_first_k" -> firstOf(whole(where, options, "k"));
      case "majority_vote" -> ResponseFilters::majority;
      case "regex" -> {
        RegexFilter regex = regex(where, options);
        yield each((answer, _) -> regex.extracted(answer));
      }
      case "multi_choice_regex" -> {
        ChoiceLetters letters = letters(where, options);
        yield each(letters::extracted);
      }
      case "remove_whitespace" -> each(Spaces::strip);
      case "lowercase" -> each(text -> text.toLowerCase(Locale.ROOT));
      case "uppercase" -> each(text -> text.toUpperCase(Locale.ROOT));
      default -> map(options);
    };
  }

  private static ResponseFilter each(UnaryOperator<String> change) {
    return each((answer, _) -> change.apply(answer));
  }

  private static Iterable<JsonNode> list(JsonNode responses) {
    if (!responses.isArray()) {
      throw new DataException(
          "a filter after take_first wants a list of answers, got " + responses + "; reorder them");
    }
    return responses;
  }

  private static String text(JsonNode answer) {
    return answer.isTextual() ? answer.textValue() : "";
  }

  private static JsonNode first(JsonNode responses, ObjectNode document) {
    return list(responses).iterator().next();
  }

  private static ResponseFilter firstOf(int count) {
    return (responses, _) -> {
      List<JsonNode> all = new ArrayList<>();
      list(responses).forEach(all::add);
      if (all.size() < count) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "take_first_k wants %d answers to each question, but there are %d; raise repeats",
                count,
                all.size()));
      }
      ArrayNode some = JsonNodeFactory.instance.arrayNode();
      return some.addAll(all.subList(0, count));
    };
  }

  /** The most frequent answer, the first of equally frequent ones. */
  private static JsonNode majority(JsonNode responses, ObjectNode document) {
    Map<JsonNode, Integer> counts = new LinkedHashMap<>();
    list(responses).forEach(answer -> counts.merge(answer, 1, Integer::sum));
    BinaryOperator<Map.Entry<JsonNode, Integer>> better =
        (a, b) -> b.getValue() > a.getValue() ? b : a;
    return JsonNodeFactory.instance
        .arrayNode()
        .add(counts.entrySet().stream().reduce(better).orElseThrow().getKey());
  }

  private static RegexFilter regex(String where, ObjectNode options) {
    String pattern = options.path("regex_pattern").asText(USUAL_REGEX);
    return new RegexFilter(
        PythonRegex.compile(where + ".regex_pattern", pattern),
        options.has("group_select") ? whole(where, options, "group_select") : 0,
        options.path("fallback").asText(INVALID));
  }

  private static ChoiceLetters letters(String where, ObjectNode options) {
    List<Pattern> ignored = new ArrayList<>();
    options
        .path("regexes_to_ignore")
        .forEach(
            regex ->
                ignored.add(PythonRegex.compile(where + ".regexes_to_ignore", regex.asText())));
    return new ChoiceLetters(
        regex(where, options),
        options.path("ignore_case").asBoolean(false),
        options.path("ignore_punctuation").asBoolean(false),
        ignored);
  }

  private static ResponseFilter map(ObjectNode options) {
    JsonNode mapping = options.path("mapping_dict");
    JsonNode otherwise = options.path("default_value");
    return (responses, _) -> {
      ArrayNode mapped = JsonNodeFactory.instance.arrayNode();
      for (JsonNode answer : list(responses)) {
        JsonNode value = mapping.path(answer.asText());
        JsonNode chosen = value.isMissingNode() ? otherwise : value;
        mapped.add(chosen.isMissingNode() ? JsonNodeFactory.instance.nullNode() : chosen);
      }
      return mapped;
    };
  }

  private static int whole(String where, ObjectNode options, String key) {
    JsonNode value = options.path(key);
    if (!value.isInt()) {
      throw new ConfigException(where + "." + key, "must be a whole number, got " + value);
    }
    return value.intValue();
  }
}
