package io.kanana.posttrain.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ordinary trainer and optimizer on an adapted model. */
class LoraTrainingTest {
  private static final int ROWS = 8;

  @TempDir Path directory;

  /** Everything that trains an adapted model. */
  private static final class Run implements AutoCloseable {
    private final TensorBackend backend;
    private final Llama model;
    private final Optimizer optimizer;
    private final Trainer trainer;

    Run(Precision precision, int microBatch, boolean recompute) {
      backend = TensorBackends.open("cpu", 2);
      model = SmallLora.frozen(backend, precision);
      SmallLora.CONFIG.attach(model, RandomKey.of(9));
      optimizer =
          new AdamW.Config(1e-2, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED)
              .create(backend, model.parameters());
      trainer =
          new Trainer(
              model,
              optimizer,
              _ -> 1,
              new NextToken(new NextToken.Config(0)),
              new Chains(),
              new SpikeDetector(new SpikeDetector.Config(0, 8, 2)),
              new Trainer.Config(ROWS, microBatch, 1, recompute, 1),
              () -> 0);
    }

    double[] losses(int steps) {
      return DoubleStream.generate(() -> trainer.step().loss()).limit(steps).toArray();
    }

    List<float[]> weights() {
      return floats(model.weights());
    }

    /** Adapters and moments. */
    List<float[]> memory() {
      List<float[]> memory = floats(model.adapters().orElseThrow().parameters());
      optimizer.state().values().forEach(moment -> memory.add(backend.floats(moment)));
      return memory;
    }

    private List<float[]> floats(List<Parameter> parameters) {
      List<float[]> values = new ArrayList<>();
      parameters.forEach(parameter -> values.add(backend.floats(parameter.value())));
      return values;
    }

    @Override
    public void close() {
      optimizer.close();
      model.close();
      backend.close();
    }
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theAdaptersLearnAndNothingElseChanges(Precision precision) {
    try (Run run = new Run(precision, ROWS, false)) {
      List<float[]> before = run.weights();
      double[] losses = run.losses(60);
      assertThat(losses[0]).isGreaterThan(3);
      assertThat(losses[losses.length - 1]).isLessThan(0.5);
      assertSame(run.weights(), before);
      assertThat(run.optimizer.state().keySet())
          .hasSize(2 * 2 * 2 * 7)
          .allMatch(name -> name.matches("moment[12]\\..*\\.lora_[AB]\\.weight"));
    }
  }

  @Test
  void howAStepIsCutChangesNothingButRounding() {
    try (Run whole = new Run(Precision.F32, ROWS, false);
        Run cut = new Run(Precision.F32, 1, true)) {
      double[] expected = whole.losses(5);
      double[] losses = cut.losses(5);
      for (int i = 0; i < losses.length; i++) {
        assertThat(losses[i]).isCloseTo(expected[i], offset(1e-4));
      }
      assertThat(losses[4]).isNotEqualTo(expected[0]);
    }
  }

  /** Adapters, moments and state are all that a run needs to go on, beside the base. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void aRunThatGoesOnIsTheRunThatWasNotInterrupted(Precision precision) throws IOException {
    List<float[]> expected;
    try (Run run = new Run(precision, 4, false)) {
      run.losses(6);
      expected = run.memory();
    }
    TrainingState state;
    try (Run run = new Run(precision, 4, false)) {
      run.losses(3);
      state = run.trainer.state();
      SmallLora.write(directory.resolve("adapter"), run.model);
      try (FileChannel out =
          FileChannel.open(
              directory.resolve("optimizer.safetensors"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        SafetensorsWriter.write(
            ModelWeights.of(run.optimizer.state(), run.backend), SafetensorsWriter.PYTORCH, out);
      }
    }
    try (Run run = new Run(precision, 4, false);
        PeftAdapter saved = PeftAdapter.open(directory.resolve("adapter"), SmallLora.shape(2));
        StoredTensors moments = StoredTensors.open(directory, "optimizer")) {
      saved.read(run.model);
      ModelWeights.read(moments, run.optimizer.state(), run.backend);
      run.trainer.restore(state);
      run.losses(3);
      assertSame(run.memory(), expected);
    }
  }

  /** What a model of so many weights holds while it is trained. */
  @Test
  void theyTakeAFractionOfTheMemory() {
    try (Run run = new Run(Precision.F32, 1, false);
        TensorBackend backend = TensorBackends.open("cpu", 2)) {
      try (Llama full = Llama.trainable(SmallLora.shape(2), Precision.F32, backend);
          Optimizer _ =
              new AdamW.Config(1e-2, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED)
                  .create(backend, full.parameters())) {
        long weights = full.config().parameterCount();
        assertThat(backend.pool().heldBytes()).isGreaterThanOrEqualTo(16 * weights);
        long adapters = SmallLora.CONFIG.shape().parameterCount(full.config());
        assertThat(run.backend.pool().heldBytes())
            .isLessThan((long) (1.3 * (4 * weights + 16 * adapters)));
      }
    }
  }
}
