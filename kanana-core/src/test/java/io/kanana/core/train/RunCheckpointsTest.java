package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.train.SmallRun.Parts;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunCheckpointsTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private static final String REJECTED = "step-00000003.rejected";

  @TempDir Path directory;

  private final List<String> log = new ArrayList<>();
  private Path tokenizer;
  private Path data;

  @BeforeEach
  void makeParents() {
    tokenizer = artefact("tokenizer", "tokenizer.json");
    data = artefact("tokens", "shards.json");
  }

  private Path artefact(String name, String file) {
    Path target = directory.resolve(name);
    try (ArtefactWriter artefact = ArtefactWriter.create(target, name, List.of())) {
      artefact.write(file, "{}");
      artefact.commit();
    }
    return target;
  }

  /** So that a model can be followed back to what it was made from. */
  @Test
  void aCheckpointNamesTokenizerAndTokens() {
    try (SmallRun run = run(Precision.F32)) {
      Path saved = checkpoints(run, 1).save(run.trainer().state(), false);
      List<String> parents = List.of(Artefact.open(tokenizer).id(), Artefact.open(data).id());
      assertThat(Artefact.open(saved).manifest().parents()).isEqualTo(parents);
      assertThat(Provenance.read(saved.resolve(Provenance.FILE)).parents())
          .containsExactly(
              new Provenance.Parent(parents.get(0), tokenizer.toString()),
              new Provenance.Parent(parents.get(1), data.toString()));
    }
  }

  private RunCheckpoints checkpoints(SmallRun run, int keep) {
    return checkpoints(run.model(), run.optimizer(), keep);
  }

  private RunCheckpoints checkpoints(Llama model, Optimizer optimizer, int keep) {
    RunCheckpoints.Origin origin =
        new RunCheckpoints.Origin(
            "test", tokenizer, List.of(data), SpecialTokens.NONE, "seed: 1\n");
    return new RunCheckpoints(
        directory.resolve("run"),
        new WholeModel(model),
        model,
        optimizer,
        origin,
        keep,
        log::add,
        CLOCK);
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

  /** Where steps and updates are not the same number. */
  @Test
  void resumesAfterASkip() throws IOException {
    Parts broken = Parts.PLAIN.with(BrokenSteps.notANumber(2L)).withMaxSkips(2);
    try (SmallRun whole = new SmallRun(Settings.PLAIN, SmallRun.walk(), broken)) {
      whole.losses(3);
      checkpoints(whole, 1).save(whole.trainer().state(), false);
      double[] losses = whole.losses(3);
      try (SmallRun second = run(Precision.F32)) {
        second.trainer().restore(checkpoints(second, 1).restoreLatest().orElseThrow());
        assertThat(second.optimizer().updates()).isEqualTo(2);
        assertThat(second.losses(3)).containsExactly(losses);
        assertThat(second.trainer().state()).isEqualTo(whole.trainer().state());
      }
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
          .hasMessageContaining("2 steps of 256 tokens in all, but they would be 128 tokens now");
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

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private List<String> onTheWay() {
    return Stream.of(directory.resolve("run/checkpoints").toFile().list()).sorted().toList();
  }

  /** Those that were refused neither push good ones out nor are tried again. */
  @Test
  void aRefusedCheckpointIsPutAsideAndDoesNotCount() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      save(run, checkpoints(run, 3), 3);
      damage("run/checkpoints/step-00000003/model.safetensors");
      RunCheckpoints checkpoints = checkpoints(run, 2);
      run.trainer().restore(checkpoints.restoreLatest().orElseThrow());
      assertThat(onTheWay()).containsExactly("step-00000001", "step-00000002", REJECTED);
      save(run, checkpoints, 1);
      assertThat(onTheWay()).containsExactly("step-00000002", "step-00000003", REJECTED);
      assertThat(checkpoints(run, 2).restoreLatest().orElseThrow().step()).isEqualTo(3);
    }
  }

  @Test
  void onlyTheLastOfTheRefusedOfAStepIsKept() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      save(run, checkpoints(run, 3), 3);
      for (int i = 0; i < 2; i++) {
        damage("run/checkpoints/step-00000003/model.safetensors");
        RunCheckpoints checkpoints = checkpoints(run, 3);
        run.trainer().restore(checkpoints.restoreLatest().orElseThrow());
        save(run, checkpoints, 1);
      }
      assertThat(onTheWay())
          .containsExactly("step-00000001", "step-00000002", "step-00000003", REJECTED);
    }
  }

  /** A checkpoint of a later step, which somebody put there, pushes none of this run out. */
  @Test
  void theCheckpointThatWasJustWrittenStays() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 1);
      save(run, checkpoints, 1);
      Path first = directory.resolve("run/checkpoints/step-00000001");
      copy(first, first.resolveSibling("step-00000009"));
      save(run, checkpoints, 1);
      assertThat(onTheWay()).containsExactly("step-00000002", "step-00000009");
    }
  }

  @Test
  void whatInterruptedWritesAndRemovalsLeftGoesWhenTheRunIsResumed() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      save(run, checkpoints, 2);
      checkpoints.save(run.trainer().state(), true);
      Path steps = directory.resolve("run/checkpoints");
      copy(steps.resolve("step-00000001"), steps.resolve(".step-00000002.replaced"));
      copy(steps.resolve("step-00000001"), steps.resolve(".step-00000003.partial"));
      copy(steps.resolve("step-00000001"), directory.resolve("run/.model.replaced"));
      copy(steps.resolve("step-00000001"), steps.resolve("step-00000000"));
      Files.delete(steps.resolve("step-00000000/manifest.json"));
      Files.createDirectory(directory.resolve("run/.model.partial"));
      checkpoints(run, 2).restoreLatest();
      assertThat(onTheWay()).containsExactly("step-00000001", "step-00000002");
      assertThat(directory.resolve("run").toFile().list())
          .containsExactlyInAnyOrder("checkpoints", "model");
    }
  }

  /** A kill between the two moves of a replacement leaves the old model under another name. */
  @Test
  void aReplacementThatWasInterruptedIsFinished() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      save(run, checkpoints, 1);
      run.losses(1);
      checkpoints.save(run.trainer().state(), true);
      Files.move(directory.resolve("run/model"), directory.resolve("run/.model.replaced"));
      assertThat(checkpoints(run, 2).restoreLatest().orElseThrow().step()).isEqualTo(2);
    }
  }

  /** Four heads of 8 have the weights of eight heads of 4. */
  @Test
  void aModelOfTheSameWeightsButAnotherShapeIsRefused() {
    try (SmallRun run = run(Precision.F32)) {
      save(run, checkpoints(run, 2), 1);
      ModelConfig other =
          new ModelConfig(2, 32, 8, 4, 4, 64, 61, 16, 1e-6, run.model().config().rope(), true);
      try (Llama model = Llama.trainable(other, Precision.F32, run.model().backend())) {
        RunCheckpoints checkpoints = checkpoints(model, run.optimizer(), 2);
        assertThatThrownBy(checkpoints::restoreLatest)
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll(
                "step-00000001",
                "heads is 4, not 8, kv-heads is 2, not 4, head-dim is 8, not 4, norm-epsilon is"
                    + " 1.0E-5, not 1.0E-6");
      }
    }
  }

  @Test
  void knowsWhetherTheEndIsThere() throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      RunCheckpoints checkpoints = checkpoints(run, 2);
      save(run, checkpoints, 1);
      assertThat(checkpoints.hasEnd(run.trainer().state())).isFalse();
      TrainingState end = run.trainer().state();
      checkpoints.save(end, true);
      assertThat(checkpoints.hasEnd(end)).isTrue();
      run.losses(1);
      assertThat(checkpoints.hasEnd(run.trainer().state())).isFalse();
      damage("run/model/model.safetensors");
      RunCheckpoints again = checkpoints(run, 2);
      assertThat(again.restoreLatest()).contains(end);
      assertThat(again.hasEnd(end)).as("a damaged one").isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"version\" : 1','\"version\" : 2',version must be 1",
    "'\"version\" : 1,','',version must be 1",
    "'\"updates\" : 1,','',updates",
    "'\"losses\" :','\"lost\" :',losses"
  })
  void aStateOfAnotherFormIsRefused(String part, String change, String message) throws IOException {
    try (SmallRun run = run(Precision.F32)) {
      run.losses(1);
      Path target = directory.resolve("run/model");
      checkpoints(run, 2).save(run.trainer().state(), true);
      String state = Files.readString(target.resolve("state.json"));
      assertThat(state).contains(part);
      Path changed = directory.resolve("changed");
      try (ArtefactWriter artefact = ArtefactWriter.create(changed, "checkpoint", List.of())) {
        for (String file : Artefact.open(target).manifest().files().keySet()) {
          if (!file.equals("state.json")) {
            artefact.copy(file, target.resolve(file));
          }
        }
        artefact.write("state.json", state.replace(part, change));
        artefact.commit();
      }
      Artefact.remove(target);
      Files.move(changed, target);
      assertThatThrownBy(checkpoints(run, 2)::restoreLatest)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("state.json", message);
    }
  }

  private void damage(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
