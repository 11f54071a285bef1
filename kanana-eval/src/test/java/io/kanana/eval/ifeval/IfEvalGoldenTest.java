package io.kanana.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.golden.Golden;
import io.kanana.eval.NoCode;
import io.kanana.eval.SayingModel;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The verdicts of the reference implementation. */
@Tag("golden")
class IfEvalGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final IfEval ifEval = new IfEval(PunktModel.usual());

  @TempDir Path directory;

  private static List<JsonNode> lines(String name) throws IOException {
    Path file = Golden.folder("ifeval").resolve(name);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<Boolean> booleans(JsonNode array) {
    List<Boolean> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asBoolean()));
    return values;
  }

  @TestFactory
  Stream<DynamicTest> instructions() throws IOException {
    return Golden.cases(
        lines("cases.jsonl").stream()
            .map(
                c ->
                    DynamicTest.dynamicTest(
                        c.get("id") + " " + c.get("instruction_id").asText(),
                        () -> instruction(c))));
  }

  private void instruction(JsonNode c) {
    InstructionVerdict verdict =
        ifEval.check(
            List.of(c.get("instruction_id").asText()),
            List.of(c.get("kwargs")),
            c.get("response").asText());
    assertThat(verdict)
        .as("%s %s", c.get("kwargs"), c.get("response"))
        .isEqualTo(
            new InstructionVerdict(
                List.of(c.get("strict").asBoolean()), List.of(c.get("loose").asBoolean())));
  }

  private InstructionVerdict verdict(JsonNode prompt) {
    List<String> names = new ArrayList<>();
    prompt.get("instruction_id_list").forEach(name -> names.add(name.asText()));
    List<JsonNode> arguments = new ArrayList<>();
    prompt.get("kwargs").forEach(arguments::add);
    return ifEval.check(names, arguments, prompt.get("response").asText());
  }

  @TestFactory
  Stream<DynamicTest> prompts() throws IOException {
    return Golden.cases(
        lines("prompts.jsonl").stream()
            .map(p -> DynamicTest.dynamicTest("prompt " + p.get("key"), () -> prompt(p))));
  }

  private void prompt(JsonNode prompt) {
    assertThat(verdict(prompt))
        .isEqualTo(
            new InstructionVerdict(
                booleans(prompt.get("inst_strict")), booleans(prompt.get("inst_loose"))))
        .returns(prompt.get("prompt_strict").asBoolean(), InstructionVerdict::followsAllStrictly)
        .returns(prompt.get("prompt_loose").asBoolean(), InstructionVerdict::followsAllLoosely);
  }

  /** The figures, by the task that comes along: the model says what was recorded. */
  @Test
  void accuracies() throws IOException {
    Map<String, String> responses = new HashMap<>();
    List<String> documents = new ArrayList<>();
    for (JsonNode line : lines("prompts.jsonl")) {
      String prompt = "Prompt " + line.get("key"); // theirs are all the same
      responses.put(prompt, line.get("response").asText());
      documents.add(((ObjectNode) line).put("prompt", prompt).toString());
    }
    Files.write(directory.resolve("prompts.jsonl"), documents);
    TaskLibrary library =
        NoCode.library(directory, Map.of("google/IFEval", Map.of("train", "prompts.jsonl")));
    Evaluation.Results results =
        SayingModel.run(library.find("ifeval_mean"), PromptSettings.plain(), responses::get);
    Map<String, Figure> figures = results.tasks().get("ifeval").figures();
    JsonNode expected = Golden.json(Golden.folder("ifeval").resolve("prompts-aggregate.json"));
    for (String name :
        List.of(
            "prompt_level_strict_acc",
            "inst_level_strict_acc",
            "prompt_level_loose_acc",
            "inst_level_loose_acc")) {
      assertThat(figures.get(name + ",none").value())
          .as(name)
          .isCloseTo(expected.get(name).asDouble(), within(1e-12));
    }
    double both =
        expected.get("prompt_level_strict_acc").asDouble()
            + expected.get("inst_level_strict_acc").asDouble();
    Figure mean = results.groups().get("ifeval_mean").figures().get("average");
    assertThat(mean.value()).isCloseTo(both / 2, within(1e-12));
    assertThat(mean.error()).isEmpty();
  }
}
