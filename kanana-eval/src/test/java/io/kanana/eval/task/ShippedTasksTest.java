package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.ConfigException;
import io.kanana.eval.NoCode;
import io.kanana.eval.SayingModel;
import io.kanana.eval.request.Request;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that come along, on questions of our own. */
class ShippedTasksTest {
  @TempDir Path directory;

  private Map<String, Figure> figures(
      String task, Map<String, Map<String, String>> data, UnaryOperator<String> says) {
    Evaluation.Results results =
        SayingModel.run(NoCode.library(directory, data).find(task), PromptSettings.plain(), says);
    return results.tasks().get(task).figures();
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(directory.resolve(name), List.of(lines));
  }

  @Test
  void boxedAnswersOfMathAreComparedByValue() throws IOException {
    write(
        "algebra.jsonl",
        "{\"problem\": \"half\", \"solution\": \"so it is $\\\\boxed{\\\\frac{1}{2}}$.\"}",
        "{\"problem\": \"two\", \"solution\": \"so it is $\\\\boxed{2}$.\"}",
        "{\"problem\": \"three\", \"solution\": \"so it is $\\\\boxed{3}$.\"}",
        "{\"problem\": \"four\", \"solution\": \"so it is $\\\\boxed{4}$.\"}");
    Map<String, Figure> figures =
        figures(
            "math_algebra",
            Map.of("EleutherAI/hendrycks_math", Map.of("test", "{name}.jsonl")),
            prompt ->
                prompt.contains("half")
                    ? "First \\boxed{3}, no: \\boxed{0.5}"
                    : prompt.contains("two") ? "It is 2." : "\\boxed{3}");
    assertThat(figures.get("boxed_answer,none").value()).isEqualTo(0.5);
    assertThat(figures.get("boxed_answer,none").error().orElseThrow())
        .isCloseTo(Math.sqrt(1.0 / 3 / 4), within(1e-12));
  }

  @Test
  void korStsRanksTheNumbersThatAreSaid() throws IOException {
    write("dev.jsonl", korSts("가", "0.000", "나", "1.250", "다", "3.000", "라", "4.5", "마", "5.000"));
    write("test.jsonl", korSts("하나", "0.500", "둘", "2.000", "셋", "4.750"));
    Map<String, Map<String, String>> data =
        Map.of("kakaobrain/kor-nlu-datasets", Map.of("dev", "dev.jsonl", "test", "test.jsonl"));
    UnaryOperator<String> right =
        prompt -> prompt.contains("1: 하나") ? "1" : prompt.contains("1: 둘") ? " 2.5점" : " 5";
    assertThat(figures("korsts", data, right).get("spearman,number").value()).isEqualTo(1);
    UnaryOperator<String> silent = prompt -> prompt.contains("1: 하나") ? "4" : "모르겠다";
    assertThat(figures("korsts", data, silent).get("spearman,number").value()).isNegative();
  }

  private static String[] korSts(String... pairs) {
    String[] lines = new String[pairs.length / 2];
    for (int i = 0; i < lines.length; i++) {
      lines[i] =
          "{\"sentence1\": \"%s\", \"sentence2\": \"%s\", \"score\": \"%s\"}"
              .formatted(pairs[2 * i], pairs[2 * i], pairs[2 * i + 1]);
    }
    return lines;
  }

  @Test
  void korNliScoresTheWholeText() throws IOException {
    write(
        "test.jsonl",
        "{\"sentence1\": \"비가 온다\", \"sentence2\": \"젖는다\", \"gold_label\": \"entailment\"}",
        "{\"sentence1\": \"비가 온다\", \"sentence2\": \"맑다\", \"gold_label\": \"contradiction\"}");
    Map<String, Map<String, String>> data =
        Map.of("kakaobrain/kor-nlu-datasets", Map.of("test", "test.jsonl"));
    BenchmarkTask task = NoCode.library(directory, data).find("kornli").tasks().getFirst();
    assertThat(task.examples(PromptSettings.plain()).getFirst().requests())
        .startsWith(new Request.LogLikelihood("", " 비가 온다, 그렇죠? 네, 젖는다"));
    assertThat(figures("kornli", data, prompt -> "").get("acc,none").value()).isEqualTo(0.5);
  }

  @Test
  void bitsPerByteOfOnesOwnTexts() throws IOException {
    write("texts.jsonl", "{\"text\": \"abcd\"}", "{\"text\": \"가\"}");
    Map<String, Figure> figures =
        figures("perplexity", Map.of("texts", Map.of("test", "texts.jsonl")), prompt -> "");
    assertThat(figures.get("bits_per_byte,none").value())
        .isCloseTo(5 / 7.0 / Math.log(2), within(1e-12));
    assertThat(figures.get("byte_perplexity,none").value())
        .isCloseTo(Math.exp(5 / 7.0), within(1e-12));
    TaskLibrary library = NoCode.library(directory, Map.of());
    assertThatThrownBy(
            () -> library.find("perplexity").tasks().getFirst().examples(PromptSettings.plain()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fetch it as JSON lines")
        .hasMessageContaining("with the columns text");
    assertThatThrownBy(
            () -> library.find("korsts").tasks().getFirst().examples(PromptSettings.plain()))
        .hasMessageContaining("published at https://github.com/kakaobrain/kor-nlu-datasets");
  }

  @Test
  void mbppPlusShowsProblemsOfMbpp() throws IOException {
    write(
        "prompt.jsonl",
        mbpp("text", "zero", "z"),
        mbpp("text", "one", "a"),
        mbpp("text", "two", "b"),
        mbpp("text", "three", "c"));
    write("test.jsonl", mbpp("prompt", "Add.", "x"));
    Map<String, Map<String, String>> data =
        Map.of("evalplus/mbppplus", Map.of("prompt", "prompt.jsonl", "test", "test.jsonl"));
    BenchmarkTask task = NoCode.library(directory, data).find("mbpp_plus").tasks().getFirst();
    BenchmarkTask.Example example = task.examples(PromptSettings.plain()).getFirst();
    String prompt = ((Request.GenerateUntil) example.requests().getFirst()).context().text();
    assertThat(prompt)
        .contains("your task: one Your code")
        .contains("[BEGIN]\nb = 1\n[DONE]")
        .endsWith("your task: Add. Your code should pass these tests:\n\n1\n2\n3\n[BEGIN]\n");
    assertThat(example.gold().asText()).isEqualTo("many tests of x");
  }

  private static String mbpp(String field, String text, String name) {
    return """
        {"%s": "%s", "code": "%s = 1", "test_list": ["1", "2", "3"], "test": "many tests of %s"}"""
        .formatted(field, text, name, name);
  }
}
