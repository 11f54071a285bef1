package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.config.Yaml;
import io.kanana.core.job.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every job in {@code configs} is one that can be run. */
class ShippedConfigsTest {
  private static final Path CONFIGS =
      Path.of(System.getProperty("kanana.root", "..")).resolve("configs");

  @TestFactory
  Stream<DynamicTest> canBePlanned() throws IOException {
    Jobs jobs = Jobs.load(getClass().getClassLoader());
    List<Path> files = jobs();
    assertThat(files).hasSizeGreaterThan(5);
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    CONFIGS.relativize(file).toString(),
                    () ->
                        assertThatCode(() -> jobs.configure(file, fromTheRoot(file)).plan())
                            .doesNotThrowAnyException()));
  }

  /** Files of ours are named from where kanana runs, which is not where this test does. */
  private static List<String> fromTheRoot(Path file) {
    List<String> assignments = new ArrayList<>();
    collect(file, Yaml.read(file), "", assignments);
    return assignments;
  }

  private static void collect(Path file, JsonNode node, String path, List<String> assignments) {
    if (path.endsWith("mixture.file") || path.endsWith("task-directories[0]")) {
      assignments.add(path + "=" + CONFIGS.resolveSibling(node.asText()));
    }
    if (path.matches("(.*\\.)?extends")
        && asksTheMiniatureQuestions(file.resolveSibling(node.asText()))) {
      String section = path.substring(0, path.length() - "extends".length());
      assignments.add(section + "task-directories=[" + CONFIGS.resolve("evaluate/miniature") + "]");
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(file, node.get(i), path + "[" + i + "]", assignments);
    }
    node.properties()
        .forEach(
            child ->
                collect(
                    file,
                    child.getValue(),
                    path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                    assignments));
  }

  private static boolean asksTheMiniatureQuestions(Path extended) {
    Path evaluations = CONFIGS.resolve("evaluate").normalize();
    return extended.normalize().startsWith(evaluations)
        && extended.getFileName().toString().startsWith("miniature");
  }

  private static List<Path> jobs() throws IOException {
    try (Stream<Path> files = Files.walk(CONFIGS)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> Yaml.read(file).has("job") || Yaml.read(file).has("extends"))
          .sorted()
          .toList();
    }
  }
}
