package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.filter.ResponseFilters;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.Aggregations;
import io.kanana.eval.request.Spaces;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What functions of Python that task files name do, said again in Java: those of
 * lm-evaluation-harness' KoBEST, HellaSwag, HumanEval and MBPP, by folder and name.
 */
final class TaskFunctions {
  private static final Map<String, Function<ObjectNode, JsonNode>> VALUES =
      Map.of(
          "kobest/utils.copa_doc_to_text", TaskFunctions::copaText,
          "kobest/utils.copa_doc_to_target", TaskFunctions::copaTarget,
          "kobest/utils.copa_doc_to_choice", TaskFunctions::copaChoices,
          "kobest/utils.sentineg_doc_to_text",
              document -> TextNode.valueOf("문장: " + field(document, "sentence") + " 긍부정:"),
          "kobest/utils.wic_doc_to_text", TaskFunctions::wicText);

  private static final Map<String, UnaryOperator<ObjectNode>> DOCUMENTS =
      Map.of(
          "hellaswag/utils.process_docs", TaskFunctions::hellaSwag,
          "kobest/utils.hellaswag_process_doc", TaskFunctions::kobestHellaSwag);

  private static final Map<String, ResponseFilters.Change> FILTERS =
      Map.of(
          "humaneval/utils.build_predictions",
              (answer, document) -> field(document, "prompt") + answer,
          "humaneval/utils.build_predictions_instruct",
              (answer, document) -> field(document, "prompt") + beforeFence(answer),
          "mbpp/utils.build_predictions", (answer, _) -> firstCodeBlock(answer));

  private static final Map<String, Aggregation> AGGREGATIONS =
      Map.of("kobest/utils.macro_f1_score", Aggregations.MACRO_F1);

  private static final Map<String, String> METRICS =
      Map.of("humaneval/utils.pass_at_k", "pass_at_k", "mbpp/utils.pass_at_1", "pass_at_k");

  private static final String FENCE = "```";
  private static final Pattern CODE_BLOCK =
      Pattern.compile("```(?:\\w+)?\\n?(.*?)\\n?```", Pattern.DOTALL);
  private static final Pattern BRACKETS = Pattern.compile("\\[.*?\\]", Pattern.UNIX_LINES);

  private TaskFunctions() {}

  static Function<ObjectNode, JsonNode> value(String where, FunctionName name) {
    return find(where, name, VALUES);
  }

  /** What {@code process_docs} does to each document. */
  static UnaryOperator<ObjectNode> documents(String where, FunctionName name) {
    return find(where, name, DOCUMENTS);
  }

  static ResponseFilters.Change filter(String where, FunctionName name) {
    return find(where, name, FILTERS);
  }

  static Aggregation aggregation(String where, FunctionName name) {
    return find(where, name, AGGREGATIONS);
  }

  /** The name of the metric of ours that does what the function does. */
  static String metric(String where, FunctionName name) {
    return find(where, name, METRICS);
  }

  private static <F> F find(String where, FunctionName name, Map<String, F> known) {
    F found = known.get(name.qualified());
    if (found == null) {
      throw new ConfigException(
          where,
          "names the Python function "
              + name.qualified()
              + " (in "
              + name.file()
              + "), and Python in task files is not run; known here: "
              + String.join(", ", new TreeSet<>(known.keySet()))
              + "; write it as a template, or as a BenchmarkTask in Java");
    }
    return found;
  }

  private static String field(ObjectNode document, String name) {
    JsonNode value = document.path(name);
    if (!value.isTextual()) {
      throw new DataException("the document needs the text field \"" + name + "\", got " + value);
    }
    return value.textValue();
  }

  private static JsonNode copaText(ObjectNode document) {
    String question = Spaces.strip(field(document, "question"));
    String connective =
        switch (question) {
          case "원인" -> " 왜냐하면";
          case "결과" -> " 그래서";
          default ->
              throw new DataException("the field \"question\" must be 원인 or 결과, got " + question);
        };
    return TextNode.valueOf(field(document, "premise") + " " + connective);
  }

  private static JsonNode copaTarget(ObjectNode document) {
    boolean first = document.path("label").asInt(-1) == 0;
    return TextNode.valueOf(field(document, first ? "alternative_1" : "alternative_2"));
  }

  private static JsonNode copaChoices(ObjectNode document) {
    return JsonNodeFactory.instance
        .arrayNode()
        .add(field(document, "alternative_1"))
        .add(field(document, "alternative_2"));
  }

  private static JsonNode wicText(ObjectNode document) {
    return TextNode.valueOf(
        String.format(
            Locale.ROOT,
            "문장1: %s 문장2: %s 두 문장에서 %s가 같은 뜻으로 쓰였나?",
            field(document, "context_1"),
            field(document, "context_2"),
            field(document, "word")));
  }

  private static ObjectNode kobestHellaSwag(ObjectNode document) {
    ArrayNode choices = JsonNodeFactory.instance.arrayNode();
    List.of("ending_1", "ending_2", "ending_3", "ending_4")
        .forEach(ending -> choices.add(field(document, ending)));
    ObjectNode processed = document.deepCopy();
    processed.put("query", "문장: " + field(document, "context"));
    processed.set("choices", choices);
    return processed.put("gold", document.path("label").asInt());
  }

  private static ObjectNode hellaSwag(ObjectNode document) {
    String context = field(document, "ctx_a") + " " + capitalised(field(document, "ctx_b"));
    ArrayNode choices = JsonNodeFactory.instance.arrayNode();
    document.path("endings").forEach(ending -> choices.add(withoutWikiHow(ending.asText())));
    ObjectNode processed = document.deepCopy();
    processed.put("query", withoutWikiHow(field(document, "activity_label") + ": " + context));
    processed.set("choices", choices);
    return processed.put("gold", document.path("label").asInt());
  }

  /** Python's {@code capitalize}: one capital, the rest small. */
  private static String capitalised(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int end = Character.charCount(text.codePointAt(0));
    return Character.toString(Character.toTitleCase(text.codePointAt(0)))
        + text.substring(end).toLowerCase(Locale.ROOT);
  }

  /** Without the marks of the WikiHow articles that a part of HellaSwag is from. */
  private static String withoutWikiHow(String text) {
    String titled = Spaces.strip(text).replace(" [title]", ". ");
    return BRACKETS.matcher(titled).replaceAll("").replace("  ", " ");
  }

  private static String beforeFence(String answer) {
    int fence = answer.indexOf(FENCE);
    return fence < 0 ? answer : answer.substring(0, fence);
  }

  /** The first block; the answer itself began one, or perhaps another. */
  private static String firstCodeBlock(String answer) {
    Matcher begun = CODE_BLOCK.matcher(FENCE + answer);
    if (begun.find()) {
      return begun.group(1);
    }
    Matcher own = CODE_BLOCK.matcher(answer.replace("```python", FENCE));
    return own.find() ? own.group(1) : "";
  }
}
