package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Precision;
import io.kanana.core.train.SmallRun.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunCheckpointsTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @TempDir Path directory;

  private final List<String> log = new ArrayList<>();
  private Path tokenizer;

  @BeforeEach
  void makeTokenizer() {
    tokenizer = directory.resolve("tokenizer");
    try (ArtefactWriter artefact = ArtefactWriter.create(tokenizer, "tokenizer", List.of())) {
      artefact.write("tokenizer.json", "{}");
      artefact.commit();
    }
  }

  private RunCheckpoints checkpoints(SmallRun run, int keep) {
    RunCheckpoints.Origin origin =
        new RunCheckpoints.Origin("test", tokenizer, SpecialTokens.NONE, "seed: 1\n");
    return new RunCheckpoints(
        directory.resolve("run"), run.model(), run.optimizer(), origin, keep, log::add, CLOCK);
  }

  private static SmallRun run(Precision precision) {
    return new SmallRun(Settings.PLAIN.with(precision), SmallRun.walk());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void tenStepsAreFiveAndFiveMore(Precision precision) throws IOException {
    double[] losses;
    try (SmallRun whole = run(precision)) {
      losses = whole.losses(10);
      checkpoints(whole, 1).save(whole.trainer().state(), true);
    }
    Path expected = Files.move(directory.resolve("run"), directory.resolve("whole"));
    try (SmallRun first = run(precision)) {
      first.losses(5);
      checkpoints(first, 1).save(first.trainer().state(), false);
    }
    try (SmallRun second = run(precision)) {
      RunCheckpoints checkpoints = checkpoints(second, 1);
      second.trainer().restore(checkpoints.restoreLatest().orElseThrow());
      assertThat(second.losses(5)).containsExactly(Arrays.copyOfRange(losses, 5, 10));
      checkpoints.save(second.trainer().state(), true);
    }
    for (String file : List.of("model.safetensors", "optimizer.safetensors", "state.json")) {
      assertThat(directory.resolve("run/model").resolve(file))
          .hasSameBinaryContentAs(expected.resolve("model").resolve(file));
    }
  }

  @Test
  void keepsTheNewestAndStartsFromIt() {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      assertThat(checkpoints.restoreLatest()).isEmpty();
      save(run, checkpoints, 3);
      assertThat(directory.resolve("run/checkpoints").toFile().list())
          .containsExactlyInAnyOrder("step-00000002", "step-00000003");
      assertThat(checkpoints.restoreLatest().orElseThrow().step()).isEqualTo(3);
    }
  }

  private static void save(SmallRun run, RunCheckpoints checkpoints, int steps) {
    for (int i = 0; i < steps; i++) {
      run.losses(1);
      checkpoints.save(run.trainer().state(), false);
    }
  }

  @Test
  void aStepOfAnotherSizeIsRefused() {
    try (SmallRun run = run(Precision.F32)) {
      run.losses(2);
      TrainingState s = run.trainer().state();
      TrainingState other =
          new TrainingState(
              s.step(),
              s.tokens() * 2,
              s.updates(),
              s.skippedInARow(),
              s.skipped(),
              s.spikes(),
              s.dataFingerprint(),
              s.seconds(),
              s.flops());
      assertThatThrownBy(() -> run.trainer().restore(other))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("2 steps of 256 tokens in all, but a step is 64 tokens now");
    }
  }

  @Test
  void theNewestIsTheOneOfTheLatestStep() {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      run.losses(2);
      checkpoints.save(run.trainer().state(), true);
      save(run, checkpoints, 1);
      assertThat(checkpoints.restoreLatest().orElseThrow().step()).isEqualTo(3);
    }
  }

  @Test
  void fallsBackToTheCheckpointBeforeADamagedOneAndSaysSo() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      save(run, checkpoints, 2);
      damage("run/checkpoints/step-00000002/model.safetensors");
      assertThat(checkpoints.restoreLatest().orElseThrow().step()).isEqualTo(1);
      assertThat(log)
          .anyMatch(line -> line.contains("step-00000002/model.safetensors: has SHA-256"));
    }
  }

  @Test
  void neverStartsAfreshWhereThereIsACheckpointThatCannotBeUsed() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      save(run, checkpoints, 2);
      damage("run/checkpoints/step-00000001/optimizer.safetensors");
      damage("run/checkpoints/step-00000002/state.json");
      assertThatThrownBy(checkpoints::restoreLatest)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("step-00000002/state.json");
    }
  }

  private void damage(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
