package io.kanana.spark.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds relative paths in a configuration: each machine of a cluster has a working directory of its
 * own, so they would name something else there. Which values are paths nothing says but that they
 * are there.
 */
final class SharedPaths {
  private final List<Problem> problems = new ArrayList<>();

  private SharedPaths() {}

  /**
   * @throws ConfigException if there are some
   */
  static void check(String configYaml) {
    SharedPaths paths = new SharedPaths();
    paths.walk("", Yaml.read(configYaml));
    if (!paths.problems.isEmpty()) {
      throw new ConfigException(paths.problems);
    }
  }

  private void walk(String path, JsonNode node) {
    if (node.isTextual()) {
      check(path, node.textValue());
    }
    for (int i = 0; i < node.size() && node.isArray(); i++) {
      walk(path + "[" + i + "]", node.get(i));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      walk(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue());
    }
  }

  private void check(String path, String value) {
    boolean looksLikeOne = value.indexOf('/') > 0 || value.indexOf('.') > 0;
    if (looksLikeOne && !path.equals("output") && isThere(value)) {
      problems.add(
          new Problem(
              path,
              "must be an absolute path, under which every machine of the cluster has the same"
                  + " files, got \""
                  + value
                  + "\""));
    }
  }

  /** The first part of it, which says enough of a pattern, too. */
  private static boolean isThere(String value) {
    try {
      Path path = Path.of(value);
      return !path.isAbsolute() && Files.exists(path.getName(0));
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
