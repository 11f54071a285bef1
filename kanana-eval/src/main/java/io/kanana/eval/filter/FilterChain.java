package io.kanana.eval.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Steps one after the other, under a name that stands beside the metric's: {@code
 * exact_match,strict-match}.
 */
public record FilterChain(String name, List<ResponseFilter> steps) {
  /** The name of what is done where a task says nothing: the first answer is taken. */
  public static final String NONE = "none";

  public FilterChain {
    steps = List.copyOf(steps);
  }

  /** What is scored of some answers. */
  public JsonNode apply(List<String> responses, ObjectNode document) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    responses.forEach(list::add);
    JsonNode value = list;
    for (ResponseFilter step : steps) {
      value = step.apply(value, document);
    }
    return value;
  }
}
