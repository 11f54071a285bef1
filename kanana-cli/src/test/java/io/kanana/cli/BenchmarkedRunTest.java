package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.eval.report.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks of the checkpoints of a training run. */
class BenchmarkedRunTest {
  @TempDir Path directory;

  private ConfiguredJob<?> job(TinyRun run, String... assignments) {
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("output=" + run.output());
    all.add("train.until.steps=4");
    all.add("checkpoint.every.steps=2");
    return Jobs.load(getClass().getClassLoader())
        .configure(run.directory().resolve("tiny.yaml"), all);
  }

  private String benchmarks(String task) {
    return "evaluate.benchmarks={type: benchmarks, tasks: [%s], data-directory: \"%s\", data: {texts: {test: texts.jsonl}}}"
        .formatted(task, directory);
  }

  private static List<JsonNode> lines(TinyRun run, boolean benchmarks) throws IOException {
    return run.metrics().stream()
        .filter(line -> line.get("event").asText().equals("benchmarks") == benchmarks)
        .toList();
  }

  @Test
  void everyCheckpointIsMeasuredAndTheTrainingIsTheSame() throws IOException {
    Files.writeString(directory.resolve("texts.jsonl"), "{\"text\": \"The city has a river.\"}\n");
    TinyRun plain = TinyRun.in(directory.resolve("plain"));
    job(plain).run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    TinyRun measured = TinyRun.in(directory.resolve("measured"));
    job(measured, benchmarks("perplexity"))
        .run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    assertThat(lines(measured, false)).isEqualTo(lines(plain, false));
    List<JsonNode> figures = lines(measured, true);
    assertThat(figures).extracting(line -> line.get("step").asInt()).containsExactly(2, 4);
    assertThat(figures)
        .allSatisfy(
            line ->
                assertThat(line.get("perplexity.bits_per_byte,none").asDouble())
                    .isBetween(1.0, 12.0));
    assertThat(measured.file("benchmarks/step-00000004/results/manifest.json")).exists();
  }

  @Test
  void adaptersAreMeasuredAsTheModelThatTheyMake() throws IOException {
    Files.writeString(directory.resolve("texts.jsonl"), "{\"text\": \"the child sees the sea\"}\n");
    PosttrainRun.inputsIn(directory);
    String tasks =
        "tasks: [perplexity], data-directory: \"%s\", data: {texts: {test: texts.jsonl}}"
            .formatted(directory);
    ReshapeRun tuned =
        PosttrainRun.lora(
            directory.resolve("lora"),
            "evaluate: {benchmarks: {type: benchmarks, " + tasks + "}}\n");
    tuned.finish();
    ReshapeRun evaluation =
        ReshapeRun.write(
            directory.resolve("evaluation"),
            "{job: evaluate, output: out, model: {type: checkpoint, path: ../lora/out/merged}, "
                + tasks
                + "}");
    evaluation.finish();
    assertThat(tuned.file("benchmarks/merged")).doesNotExist();
    assertThat(figures(tuned, "benchmarks/step-00000012/results"))
        .isNotEmpty()
        .isEqualTo(figures(evaluation, "results"))
        .isNotEqualTo(figures(tuned, "benchmarks/step-00000001/results"));
  }

  private static SortedMap<String, Double> figures(ReshapeRun run, String results) {
    return ResultsDirectory.measurements(run.file(results));
  }

  @Test
  void whatCannotWorkIsToldBeforeTheTraining() throws IOException {
    TinyRun run = TinyRun.in(directory.resolve("run"));
    assertThatThrownBy(() -> job(run, benchmarks("kobest_cop")).plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evaluate.benchmarks.tasks: unknown task kobest_cop");
  }
}
