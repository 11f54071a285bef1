package io.kanana.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The verdicts of the reference implementation. */
@Tag("golden")
class IfEvalGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final IfEval ifEval = new IfEval(PunktModel.usual());

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

  @Test
  void accuracies() throws IOException {
    IfEvalScores scores =
        IfEvalScores.of(lines("prompts.jsonl").stream().map(this::verdict).toList());
    JsonNode expected = Golden.json(Golden.folder("ifeval").resolve("prompts-aggregate.json"));
    assertThat(scores.promptStrict())
        .isCloseTo(expected.get("prompt_level_strict_acc").asDouble(), within(1e-12));
    assertThat(scores.instructionStrict())
        .isCloseTo(expected.get("inst_level_strict_acc").asDouble(), within(1e-12));
    assertThat(scores.promptLoose())
        .isCloseTo(expected.get("prompt_level_loose_acc").asDouble(), within(1e-12));
    assertThat(scores.instructionLoose())
        .isCloseTo(expected.get("inst_level_loose_acc").asDouble(), within(1e-12));
    assertThat(scores.meanStrict())
        .isEqualTo((scores.promptStrict() + scores.instructionStrict()) / 2);
  }
}
