package io.kanana.posttrain.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeAdapterJobTest {
  private static final int[] TOKENS = {4, 1, 8, 3, 3, 10, 2, 6, 0, 7};

  @TempDir Path directory;

  private final TensorBackend backend = TensorBackends.open("reference", 1);
  private Path base;
  private Path adapter;

  @BeforeEach
  void writeParents() {
    base = directory.resolve("base");
    adapter = directory.resolve("adapter");
    SmallLora.writeBase(base, StoredType.F32);
    SmallLora.writeAdapter(adapter, 7);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private Path model() {
    return directory.resolve("out/model");
  }

  private ConfiguredJob<?> configured(String... assignments) throws IOException {
    Path file = directory.resolve("merge.yaml");
    Files.writeString(
        file,
        "{job: merge-adapter, output: OUT, model: BASE, adapter: ADAPTER}"
            .replace("OUT", directory.resolve("out").toString())
            .replace("BASE", base.toString())
            .replace("ADAPTER", adapter.toString()));
    return Jobs.load(MergeAdapterJobTest.class.getClassLoader())
        .configure(file, List.of(assignments));
  }

  private List<String> run(Cancellation cancellation, String... assignments) throws IOException {
    Told progress = new Told();
    configured(assignments).run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }

  private double[] logits(Llama model) {
    try (Scope scope = backend.scope("logits")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, 1, TOKENS.length, TOKENS);
      return backend.doubles(model.logits(tape, model.hidden(tape, input, false).value()));
    }
  }

  private double[] logits(Path stored) {
    try (HuggingFaceModel found = HuggingFaceModel.open(stored);
        Llama model = Llama.frozen(found.config().model(), Precision.F32, backend)) {
      ModelWeights.read(found.tensors(), model);
      return logits(model);
    }
  }

  private void assertAdapted(long seed, double tolerance) {
    try (Llama adapted = SmallLora.adapted(backend, seed)) {
      double[] expected = logits(adapted);
      double[] merged = logits(model());
      assertThat(merged).hasSameSizeAs(expected);
      for (int i = 0; i < merged.length; i++) {
        assertThat(merged[i]).isCloseTo(expected[i], offset(tolerance));
      }
    }
  }

  /** F32 in both files, so only the rounding of the merged weights is between them. */
  @Test
  void theMergedModelIsTheAdaptedOne() throws IOException {
    run(new Cancellation());
    assertAdapted(7, 3e-5);
    assertThat(model().resolve("tokenizer.json")).hasContent("{}");
    Provenance provenance = Provenance.read(model().resolve(Provenance.FILE));
    assertThat(provenance.parents())
        .extracting(Provenance.Parent::artefact)
        .containsExactly(Artefact.open(base).id(), Artefact.open(adapter).id());
  }

  @Test
  void aModelInBf16StaysInBf16() throws IOException {
    SmallLora.writeBase(base, StoredType.BF16);
    run(new Cancellation());
    try (HuggingFaceModel merged = HuggingFaceModel.open(model())) {
      assertThat(merged.config().type()).isEqualTo(StoredType.BF16);
      assertThat(merged.weight("model.norm.weight").spec().type()).isEqualTo(StoredType.BF16);
    }
    assertAdapted(7, 0.2);
  }

  @Test
  void whatIsThereAlreadyIsNotMadeAgainUnlessTheAdapterIsAnother() throws IOException {
    assertThat(run(new Cancellation())).containsExactly("saved " + model());
    assertThat(run(new Cancellation())).containsExactly(model() + " is there already");
    SmallLora.writeAdapter(adapter, 8);
    assertThat(run(new Cancellation())).containsExactly("saved " + model());
    assertAdapted(8, 3e-5);
  }

  @Test
  void aRunThatIsStoppedLeavesNothing() throws IOException {
    Cancellation stopped = new Cancellation();
    stopped.request();
    run(stopped);
    assertThat(model()).doesNotExist();
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() throws IOException {
    try (Llama other = Llama.frozen(SmallLora.shape(3), Precision.F32, backend)) {
      other.adapt(SmallLora.CONFIG.shape(), false);
      SmallLora.write(adapter, other);
    }
    assertThatThrownBy(() -> run(new Cancellation()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has tensor 'base_model.model.model.layers.2.")
        .hasMessageContaining("a model of 2 layers");
    assertThat(model()).doesNotExist();
  }

  @Test
  void thePlanSaysWhatIsMerged() throws IOException {
    String plan = configured().plan().toString();
    long adapters = SmallLora.CONFIG.shape().parameterCount(SmallLora.shape(2));
    assertThat(plan)
        .contains("rank 4, scale 2.0, q_proj, k_proj")
        .contains(String.format(Locale.ROOT, "%,d parameters", adapters));
    assertThat(configured("adapter=" + directory.resolve("none")).plan().toString())
        .contains("not there yet");
  }
}
