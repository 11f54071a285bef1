package io.kanana.posttrain.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Told;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.ContinuedTraining;
import io.kanana.core.train.Duration;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run of adapters: checkpoints, an interruption, its end, and the model merged of it. */
class LoraBeginningTest {
  private static final int STEPS = 6;

  @TempDir Path directory;

  private final Told told = new Told();

  @BeforeEach
  void writeParents() {
    SmallLora.writeBase(directory.resolve("base"), StoredType.F32);
    try (ArtefactWriter tokenizer =
        ArtefactWriter.create(directory.resolve("tokenizer"), "tokenizer", List.of())) {
      tokenizer.write("tokenizer.json", "{}");
      tokenizer.commit();
    }
  }

  private JobContext context(Cancellation cancellation) {
    return new JobContext(directory, true, told, Clock.systemUTC(), cancellation, "job: x\n");
  }

  private static TrainingSettings settings() {
    return new TrainingSettings(
        Duration.ofSteps(STEPS),
        8,
        4,
        1,
        false,
        new AdamW.Config(1e-2, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED),
        _ -> _ -> 1,
        Duration.ofSteps(STEPS),
        Duration.ofSteps(1),
        2,
        new SpikeDetector.Config(0, 8, 2),
        1);
  }

  private static Beginning fresh(ParentModel base) {
    return LoraBeginning.of(base.stored(), SmallLora.CONFIG, RandomKey.of(9));
  }

  /** Runs until the end, or until so many steps were made. */
  private Path run(String name, int stopAfter, Function<ParentModel, Beginning> start) {
    Cancellation cancellation = new Cancellation();
    int[] batches = {0};
    Path output = directory.resolve(name);
    try (ParentModel base = ParentModel.open(directory.resolve("base"));
        TensorBackend backend = TensorBackends.open("cpu", 2)) {
      new ContinuedTraining(
              context(cancellation),
              backend,
              Precision.BF16_MIXED,
              output,
              "training",
              settings(),
              Optional.empty())
          .run(
              start.apply(base),
              new NextToken(new NextToken.Config(0)),
              new Chains(
                  () -> {
                    batches[0]++; // two micro-batches a step
                    if (batches[0] == 2 * stopAfter) {
                      cancellation.request();
                    }
                  }),
              (_, _, _) -> {},
              new RunCheckpoints.Origin(
                  "x",
                  directory.resolve("tokenizer"),
                  List.of(),
                  SpecialTokens.NONE,
                  "job: x\n",
                  List.of(base.asAncestor())));
    }
    return output;
  }

  @Test
  void aRunThatWasInterruptedEndsAsTheOtherDoes() throws IOException {
    Path straight = run("straight", STEPS + 1, LoraBeginningTest::fresh).resolve("model");
    Path interrupted = run("interrupted", 3, LoraBeginningTest::fresh);
    assertThat(interrupted.resolve("model")).doesNotExist();
    run("interrupted", STEPS + 1, LoraBeginningTest::fresh);
    assertThat(told.lines()).anyMatch(line -> line.startsWith("resuming after step 3 from"));
    for (String file : List.of("adapter_model.safetensors", "optimizer.safetensors")) {
      assertThat(Files.readAllBytes(interrupted.resolve("model").resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(straight.resolve(file)));
    }
  }

  @Test
  void checkpointsAreAdaptersAndNothingOfTheBase() {
    Path end = run("run", STEPS + 1, LoraBeginningTest::fresh).resolve("model");
    Artefact artefact = Artefact.open(end);
    assertThat(artefact.manifest().files().keySet())
        .containsExactlyInAnyOrder(
            PeftConfig.FILE,
            "adapter_model.safetensors",
            "optimizer.safetensors",
            "state.json",
            "config.yaml",
            "tokenizer.json",
            Provenance.FILE);
    assertThat(artefact.manifest().parents()).contains(Artefact.open(base()).id());
    PeftConfig config = PeftConfig.read(end.resolve(PeftConfig.FILE));
    assertThat(config.base()).contains(base().toAbsolutePath().normalize().toString());
  }

  private Path base() {
    return directory.resolve("base");
  }

  /** The merged model carries the compute of the run that made the adapter. */
  @Test
  void theEndIsMergedIntoAModel() {
    Path end = run("run", STEPS + 1, LoraBeginningTest::fresh).resolve("model");
    try (ParentModel base = ParentModel.open(base());
        PeftAdapter adapter = PeftAdapter.open(end, base.shape())) {
      AdaptedCheckpoint merged =
          new AdaptedCheckpoint("x", context(new Cancellation()), base, adapter, StoredType.F32);
      assertThat(merged.isWritten(directory.resolve("merged"))).isFalse();
      Path written = merged.write(directory.resolve("merged")).directory();
      assertThat(merged.isWritten(written)).isTrue();
      Provenance provenance = Provenance.read(written.resolve(Provenance.FILE));
      assertThat(provenance.totalTokens()).isEqualTo((long) STEPS * 8 * Chains.TIME);
      assertThat(provenance.parents()).hasSize(2);
    }
  }

  /** Trained on from an adapter, a run is not the one that begins with new ones. */
  @Test
  void adaptersThatAreThereAreTrainedOn() {
    Path first = run("first", STEPS + 1, LoraBeginningTest::fresh).resolve("model");
    try (PeftAdapter adapter = PeftAdapter.open(first, SmallLora.shape(2))) {
      Path second =
          run("second", STEPS + 1, base -> LoraBeginning.of(base.stored(), adapter))
              .resolve("model");
      try (PeftAdapter trained = PeftAdapter.open(second, SmallLora.shape(2))) {
        assertThat(trained.config()).isEqualTo(adapter.config());
        assertThat(distance(trained, adapter)).isBetween(1e-3, 0.5);
      }
    }
  }

  /** Largest change of a B; what one update changes is at most the rate and the decay. */
  private static double distance(PeftAdapter a, PeftAdapter b) {
    float[] x = a.up("model.layers.0.mlp.down_proj.weight").floats();
    float[] y = b.up("model.layers.0.mlp.down_proj.weight").floats();
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }

  @Test
  void aRunOfOtherAdaptersIsNotTakenUp() {
    run("run", 3, LoraBeginningTest::fresh);
    LoraConfig wider = new LoraConfig(8, 8, false, SmallLora.CONFIG.targets());
    assertThatThrownBy(
            () -> run("run", 9, base -> LoraBeginning.of(base.stored(), wider, RandomKey.of(9))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has adapters of rank 4, scale 2.0")
        .hasMessageContaining("but the run's are of rank 8, scale 1.0");
  }
}
