package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The verdicts of the benchmark's own way to run solutions. */
@Tag("golden")
class HumanEvalGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Time enough for right solutions on a slow machine. */
  private static final Limits LIMITS = new Limits(5, 30, 512, 8, 4);

  @TestFactory
  Stream<DynamicTest> verdicts() throws IOException {
    Path folder = Golden.folder("eval");
    Sandbox tried = Sandboxes.sandbox();
    SolutionTests tests =
        new SolutionTests(Sandbox.of(tried.jail().with(LIMITS), tried.findings()));
    Map<String, JsonNode> problems = problems(folder.resolve("data/humaneval-test.jsonl.gz"));
    List<JsonNode> cases = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("humaneval-execution.jsonl"))) {
      cases.add(JSON.readTree(line));
    }
    List<Verdict> verdicts =
        tests.run(
            cases.stream().map(c -> program(problems.get(c.get("task_id").asText()), c)).toList(),
            Runtime.getRuntime().availableProcessors());
    return Golden.cases(
        IntStream.range(0, cases.size())
            .mapToObj(
                i ->
                    DynamicTest.dynamicTest(
                        name(cases.get(i)),
                        () ->
                            assertThat(verdicts.get(i).passed())
                                .as("%s", verdicts.get(i))
                                .isEqualTo(cases.get(i).get("passes").asBoolean()))));
  }

  private static String name(JsonNode candidate) {
    return candidate.get("task_id").asText() + " " + candidate.get("candidate").asText();
  }

  private static Program program(JsonNode problem, JsonNode candidate) {
    JsonNode completion = candidate.get("completion");
    String body =
        completion.isNull() ? problem.get("canonical_solution").asText() : completion.asText();
    return new Program(
        problem.get("prompt").asText() + body,
        problem.get("test").asText() + "\ncheck(" + problem.get("entry_point").asText() + ")");
  }

  private static Map<String, JsonNode> problems(Path file) throws IOException {
    Map<String, JsonNode> problems = new HashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        JsonNode problem = JSON.readTree(line);
        problems.put(problem.get("task_id").asText(), problem);
      }
    }
    return problems;
  }
}
