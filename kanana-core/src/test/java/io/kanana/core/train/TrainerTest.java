package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.SmallRun.Parts;
import io.kanana.core.train.SmallRun.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which steps are not made, and what stays as it is when they are not. */
class TrainerTest {
  private static SmallRun run(BatchSource data, Parts parts) {
    return new SmallRun(Settings.PLAIN, data, parts);
  }

  private static void assertSame(List<float[]> memory, List<float[]> expected) {
    assertThat(memory).hasSameSizeAs(expected);
    for (int i = 0; i < memory.size(); i++) {
      assertThat(memory.get(i)).as("tensor %s", i).isEqualTo(expected.get(i));
    }
  }

  /** Makes a step and checks that it was skipped and changed nothing but the count. */
  private static StepReport skip(SmallRun run, String fault) {
    TrainingState before = run.trainer().state();
    List<float[]> memory = run.memory();
    StepReport report = run.trainer().step();
    TrainingState after = run.trainer().state();
    assertThat(report.skipped()).startsWith(fault);
    assertThat(report.updated()).isFalse();
    assertSame(run.memory(), memory);
    assertThat(run.optimizer().updates()).isEqualTo(before.updates());
    assertThat(after.updates()).isEqualTo(before.updates());
    assertThat(after.step()).isEqualTo(before.step() + 1);
    assertThat(after.tokens()).isGreaterThan(before.tokens());
    assertThat(after.skipped()).isEqualTo(before.skipped() + 1);
    assertThat(after.skippedInARow()).isEqualTo(before.skippedInARow() + 1);
    return report;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aLossThatIsNoNumberChangesNothing(Precision precision) {
    Parts parts = Parts.PLAIN.with(BrokenSteps.notANumber(4L));
    try (SmallRun run = new SmallRun(Settings.PLAIN.with(precision), SmallRun.walk(), parts)) {
      run.losses(3);
      SpikeDetector.State before = run.trainer().state().spikes();
      skip(run, "loss is NaN");
      assertThat(run.trainer().state().spikes()).isEqualTo(before);
    }
  }

  @Test
  void afterASkipTheRunIsTheOneWithoutThatBatch() {
    BatchSource walk = SmallRun.walk();
    try (SmallRun run = run(walk, Parts.PLAIN.with(BrokenSteps.notANumber(3L)));
        SmallRun other = run(EditedData.without(walk, 3), Parts.PLAIN)) {
      run.losses(6);
      other.losses(5);
      assertSame(run.memory(), other.memory());
      assertThat(run.trainer().state().skippedInARow()).isZero();
      assertThat(run.trainer().state().skipped()).isEqualTo(1);
    }
  }

  @Test
  void aLossFarAboveTheLastOnesIsSkipped() {
    Parts parts =
        Parts.PLAIN
            .with(BrokenSteps.of(Set.of(7L), loss -> 100 * loss, 1))
            .with(new SpikeDetector.Config(6, 8, 4));
    try (SmallRun run = run(SmallRun.walk(), parts)) {
      run.losses(6);
      assertThat(run.trainer().state().updates()).isEqualTo(6);
      assertThat(skip(run, "loss").skipped()).contains("is above its limit of");
      assertThat(run.trainer().step().updated()).isTrue();
    }
  }

  @Test
  void aGradientFarAboveTheLastOnesIsSkipped() {
    Parts parts =
        Parts.PLAIN
            .with(BrokenSteps.of(Set.of(7L), loss -> loss, 1e4))
            .with(new SpikeDetector.Config(6, 8, 4));
    try (SmallRun run = run(SmallRun.walk(), parts)) {
      run.losses(6);
      assertThat(skip(run, "gradient norm").skipped()).contains("is above its limit of");
    }
  }

  @Test
  void aStepWithoutTargetsIsSkipped() {
    try (SmallRun run = run(EditedData.withoutTargets(SmallRun.walk(), 3), Parts.PLAIN)) {
      run.losses(2);
      StepReport report = skip(run, "no targets");
      assertThat(report.loss()).isNaN();
      assertThat(report.terms().get("cross-entropy")).isNaN();
      assertThat(run.trainer().step().updated()).isTrue();
    }
  }

  /** A skipped step counts: the schedule goes by the step, not by the updates. */
  @Test
  void theScheduleGoesOnPastASkip() {
    List<Long> asked = new ArrayList<>();
    Parts parts =
        Parts.PLAIN
            .with(BrokenSteps.notANumber(2L))
            .with(
                step -> {
                  asked.add(step);
                  return 1.0 / step;
                });
    try (SmallRun run = run(SmallRun.walk(), parts)) {
      run.losses(3);
      StepReport fourth = run.trainer().step();
      assertThat(asked).containsExactly(1L, 2L, 3L, 4L);
      assertThat(fourth.learningRate()).isEqualTo(Settings.PLAIN.rate() / 4);
      assertThat(run.optimizer().updates()).isEqualTo(3);
    }
  }

  @Test
  void tooManySkipsInARowStopTheRun() {
    Parts parts = Parts.PLAIN.with(BrokenSteps.notANumber(1L, 3L, 4L)).withMaxSkips(2);
    try (SmallRun run = run(SmallRun.walk(), parts)) {
      for (int step = 1; step <= 3; step++) {
        StepReport report = run.trainer().step();
        assertThat(run.trainer().isStuck()).isFalse();
        run.trainer().checkProgress(report);
      }
      StepReport last = run.trainer().step();
      assertThat(run.trainer().isStuck()).isTrue();
      assertThatThrownBy(() -> run.trainer().checkProgress(last))
          .isInstanceOf(NumericalException.class)
          .hasMessageContainingAll("step 4", "loss is NaN", "2 steps in a row");
    }
  }

  @Test
  void aModelThatIsNotTrainedHasALossAndNoGradient() {
    try (SmallRun run = run(SmallRun.walk(), Parts.PLAIN);
        Llama frozen = Llama.frozen(run.model().config(), Precision.F32, run.model().backend());
        Optimizer none =
            new AdamW.Config(1e-2, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED)
                .create(run.model().backend(), frozen.parameters())) {
      frozen.initialise(RandomKey.of(7), 0.05); // as SmallRun does
      Trainer trainer =
          new Trainer(
              frozen,
              none,
              Parts.PLAIN.schedule(),
              Parts.PLAIN.objective(),
              SmallRun.walk(),
              new SpikeDetector(Parts.PLAIN.spikes()),
              new Trainer.Config(SmallRun.ROWS, SmallRun.ROWS, 1, false, 1),
              () -> 0);
      StepReport report = trainer.step();
      assertThat(report.loss()).isEqualTo(run.trainer().step().loss());
      assertThat(report.gradientNorm()).isZero();
      assertThat(none.state()).isEmpty();
    }
  }

  @Test
  void aRampOfBatchesTakesEverySequenceOnceAndInOrder() {
    RecordedData data = new RecordedData(SmallRun.walk());
    try (SmallRun run = run(data, Parts.PLAIN)) {
      Trainer trainer = ramped(run, data, BatchSizes.ramp(1, 4, 3));
      List<Long> tokens = new ArrayList<>();
      for (int step = 0; step < 5; step++) {
        tokens.add(trainer.step().tokens() / SmallRun.TIME);
      }
      assertThat(tokens).containsExactly(1L, 3L, 6L, 10L, 14L);
      assertThat(data.taken()).isEqualTo(LongStream.range(0, 14).boxed().toList());
      ramped(run, data, BatchSizes.ramp(1, 4, 3)).restore(trainer.state());
      assertThatThrownBy(() -> ramped(run, data, BatchSizes.constant(4)).restore(trainer.state()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("5 steps of 224 tokens", "320 tokens now");
    }
  }

  /** Tensors of each size of a step would stay in the pool else. */
  @Test
  void aRampNeedsNoMoreMemoryThanTheFullBatch() {
    BatchSource walk = SmallRun.walk();
    try (SmallRun run = run(walk, Parts.PLAIN);
        SmallRun other = run(walk, Parts.PLAIN)) {
      Trainer full = ramped(run, walk, BatchSizes.constant(32));
      Trainer growing = ramped(other, walk, BatchSizes.ramp(1, 32, 31));
      full.step();
      for (int step = 0; step < 33; step++) {
        growing.step();
      }
      assertThat(held(other)).isLessThanOrEqualTo(held(run));
    }
  }

  private static long held(SmallRun run) {
    return run.model().backend().pool().heldBytes();
  }

  private static Trainer ramped(SmallRun run, BatchSource data, BatchSizes batches) {
    return new Trainer(
        run.model(),
        run.optimizer(),
        Parts.PLAIN.schedule(),
        Parts.PLAIN.objective(),
        data,
        new SpikeDetector(Parts.PLAIN.spikes()),
        new Trainer.Config(batches, 32, 1, false, 1),
        () -> 0);
  }

  /** Remembers which sequences were taken. */
  private static final class RecordedData implements BatchSource {
    private final BatchSource data;
    private final List<Long> taken = new ArrayList<>();

    RecordedData(BatchSource data) {
      this.data = data;
    }

    List<Long> taken() {
      return taken;
    }

    @Override
    public int contextLength() {
      return data.contextLength();
    }

    @Override
    public long epochLength() {
      return data.epochLength();
    }

    @Override
    public TokenBatch batch(long firstSequence, int rows) {
      LongStream.range(firstSequence, firstSequence + rows).forEach(taken::add);
      return data.batch(firstSequence, rows);
    }

    @Override
    public String fingerprint() {
      return data.fingerprint();
    }
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    refused("sequences-per-step", () -> new Trainer.Config(0, 1, 1, false, 1));
    refused("micro-batch", () -> new Trainer.Config(1, 0, 1, false, 1));
    refused("max-gradient-norm", () -> new Trainer.Config(1, 1, Double.NaN, false, 1));
    refused("max-consecutive-skips", () -> new Trainer.Config(1, 1, 1, false, 0));
  }

  private static void refused(String key, Runnable construction) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + ": must be");
  }
}
