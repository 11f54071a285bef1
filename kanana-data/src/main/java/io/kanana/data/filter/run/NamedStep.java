package io.kanana.data.filter.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.data.filter.CascadeStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step and what statistics call it.
 *
 * @param name its type; {@code length-2} for the second of a type
 */
public record NamedStep(String name, CascadeStep step) {
  /** The names of the steps of a resolved configuration, in order. */
  static List<String> names(JsonNode steps) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (JsonNode step : steps) {
      String type = step.get("type").textValue();
      int number = seen.merge(type, 1, Integer::sum);
      names.add(number == 1 ? type : type + "-" + number);
    }
    return names;
  }
}
