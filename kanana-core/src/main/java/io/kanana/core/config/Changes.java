package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How one configuration differs from another. */
public final class Changes {
  private Changes() {}

  /** One line for each value that differs: {@code train.until.steps: 100 -> 200}. */
  public static List<String> between(JsonNode before, JsonNode after) {
    Map<String, JsonNode> old = new LinkedHashMap<>();
    Map<String, JsonNode> now = new LinkedHashMap<>();
    flatten(before, "", old);
    flatten(after, "", now);
    Set<String> paths = new LinkedHashSet<>(old.keySet());
    paths.addAll(now.keySet());
    return paths.stream()
        .filter(path -> !now.containsKey(path) || !now.get(path).equals(old.get(path)))
        .map(path -> path + ": " + shown(old.get(path)) + " -> " + shown(now.get(path)))
        .toList();
  }

  private static void flatten(JsonNode node, String path, Map<String, JsonNode> into) {
    if (!node.isContainerNode() || node.isEmpty()) {
      into.put(path, node);
      return;
    }
    node.properties().forEach(e -> flatten(e.getValue(), Paths.child(path, e.getKey()), into));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      flatten(node.get(i), Paths.child(path, i), into);
    }
  }

  private static String shown(JsonNode value) {
    return value == null ? "nothing" : value.toString();
  }
}
