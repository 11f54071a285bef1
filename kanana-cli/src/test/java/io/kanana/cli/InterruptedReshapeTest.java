package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that make one model of another and are killed end as the undisturbed ones, once resumed. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedReshapeTest {
  @TempDir static Path directory;

  @BeforeAll
  static void parent() throws IOException {
    ReshapeRun.parentIn(directory);
  }

  @Test
  void pruningKilledAtManyMoments() throws Exception {
    ReshapeRun whole = ReshapeRun.prune(directory.resolve("whole"));
    whole.finish();
    ReshapeRun run = ReshapeRun.prune(directory.resolve("killed"));
    run.killWhen(() -> run.has("tokens/train"));
    run.killWhen(() -> !interim(run, "importance/pass-0").isEmpty());
    run.killWhen(() -> !interim(run, "importance/.pass-0.partial").isEmpty());
    run.killWhen(() -> !interim(run, "importance/losses.json").isEmpty());
    run.killWhen(() -> !interim(run, "decision/losses.json").isEmpty());
    run.killWhen(() -> run.has("plan.yaml"));
    assertThat(run.file("report.json")).doesNotExist();
    run.finish();
    run.assertSameAs(
        whole,
        List.of(
            "importance/importance.safetensors",
            "plan.yaml",
            "decision.md",
            "model/config.json",
            "model/model.safetensors"));
    assertThat(decision(run)).isEqualTo(decision(whole));
    assertThat(run.file("work")).doesNotExist();
  }

  /** But for what the clock says. */
  private static JsonNode decision(ReshapeRun run) throws IOException {
    JsonNode decision = new ObjectMapper().readTree(run.file("decision.json").toFile());
    ((ObjectNode) decision.get("compute")).remove("seconds");
    return decision;
  }

  /** Interim results of any parent; there is but one. */
  private static List<Path> interim(ReshapeRun run, String name) {
    Path work = run.file("work");
    try (Stream<Path> parents = Files.exists(work) ? Files.list(work) : Stream.empty()) {
      return parents.map(parent -> parent.resolve(name)).filter(Files::exists).toList();
    } catch (IOException e) {
      return List.of(); // removed under our eyes
    }
  }

  @Test
  void upScalingKilledAtManyMoments() throws Exception {
    ReshapeRun whole = ReshapeRun.upscale(directory.resolve("deep"));
    whole.finish();
    ReshapeRun run = ReshapeRun.upscale(directory.resolve("killed-deep"));
    run.killWhen(() -> run.has("plan.yaml"));
    run.killWhen(() -> run.has(".model.partial") || run.has("model"));
    run.killWhen(() -> run.has("report.json"));
    run.killWhen(() -> run.has("recovery/checkpoints/step-00000003"));
    run.killWhen(() -> run.has("recovery/checkpoints/step-00000020"));
    assertThat(run.file("recovery/model")).doesNotExist();
    run.finish();
    run.assertSameAs(
        whole,
        List.of(
            "plan.yaml",
            "model/model.safetensors",
            "recovery/model/model.safetensors",
            "recovery/model/optimizer.safetensors"));
  }

  @Test
  void distillationKilledAtManyMoments() throws Exception {
    ReshapeRun whole = ReshapeRun.distill(directory.resolve("student"));
    whole.finish();
    ReshapeRun run = ReshapeRun.distill(directory.resolve("killed-student"));
    run.killWhen(() -> run.has("tokens/train"));
    run.killWhen(() -> run.has("report.json"));
    run.killWhen(() -> run.has("checkpoints/step-00000003"));
    run.killWhen(() -> run.has("checkpoints/step-00000020"));
    assertThat(run.file("model")).doesNotExist();
    run.finish();
    run.assertSameAs(
        whole,
        List.of(
            "model/model.safetensors",
            "model/objective.safetensors",
            "model/optimizer.safetensors"));
  }

  @Test
  void aTeachersAnswersKilledAtManyMoments() throws Exception {
    ReshapeRun whole = ReshapeRun.logits(directory.resolve("logits"));
    whole.finish();
    ReshapeRun run = ReshapeRun.logits(directory.resolve("killed-logits"));
    run.killWhen(() -> run.has("header.json"));
    run.killWhen(() -> run.has("parts/00001"));
    run.killWhen(() -> run.has("parts/00040"));
    assertThat(run.file("index")).doesNotExist();
    run.finish();
    for (int part = 0; part < 100; part++) {
      String name = String.format(Locale.ROOT, "parts/%05d/answers.bin", part);
      run.assertSameAs(whole, List.of(name));
    }
    assertThat(run.file("index/header.json")).exists();
  }
}
