package io.kanana.eval.ifeval;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import io.kanana.core.template.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The arguments of an instruction. The benchmark's program draws those that are missing at random;
 * here they are refused, since a score of chance is none.
 */
record Arguments(String instruction, JsonNode tree) {
  private DataException wrong(String name, String rule) {
    return new DataException(
        "IFEval: "
            + instruction
            + ": "
            + name
            + " is "
            + tree.path(name)
            + ", and must be "
            + rule);
  }

  String text(String name) {
    JsonNode value = tree.path(name);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw wrong(name, "a text");
    }
    return value.asText();
  }

  String stripped(String name) {
    return PythonText.strip(text(name));
  }

  /** A positive number. */
  int number(String name) {
    JsonNode value = tree.path(name);
    if (!value.isNumber() || value.asDouble() != value.asInt() || value.asInt() < 1) {
      throw wrong(name, "a whole number of at least 1");
    }
    return value.asInt();
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    tree.path(name).forEach(text -> texts.add(text.asText()));
    if (texts.isEmpty()) {
      throw wrong(name, "a list of texts");
    }
    return texts;
  }

  /** Whether a count is right: {@code at least} or {@code less than} a number. */
  IntPredicate comparison(String relation, String number) {
    int threshold = number(number);
    return switch (text(relation)) {
      case "at least" -> count -> count >= threshold;
      case "less than" -> count -> count < threshold;
      default -> throw wrong(relation, "\"at least\" or \"less than\"");
    };
  }
}
