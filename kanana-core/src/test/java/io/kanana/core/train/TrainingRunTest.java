package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.train.SmallRun.Parts;
import io.kanana.core.train.SmallRun.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingRunTest {
  private final List<String> events = new ArrayList<>();
  private SmallRun small = new SmallRun(Settings.PLAIN, SmallRun.walk());
  private boolean endIsThere;

  @AfterEach
  void close() {
    small.close();
  }

  private final TrainingRun.Checkpoints checkpoints =
      new TrainingRun.Checkpoints() {
        @Override
        public Path save(TrainingState state, boolean last) {
          return Path.of((last ? "end " : "on the way ") + state.step());
        }

        @Override
        public boolean hasEnd(TrainingState state) {
          return endIsThere;
        }
      };

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void stepped(StepReport report) {
          events.add("step " + report.step());
        }

        @Override
        public void evaluated(HeldOutReport report) {
          events.add("evaluated " + report.step());
        }

        @Override
        public void saved(long step, Path checkpoint) {
          events.add("saved " + checkpoint);
        }
      };

  private TrainingRun run(long total, long evaluateEvery, long saveEvery, BooleanSupplier stop) {
    return new TrainingRun(
        small.trainer(),
        new HeldOutLoss(SmallRun.walk(), 2, 2),
        checkpoints,
        new TrainingRun.Schedule(total, evaluateEvery, saveEvery),
        List.of(listener),
        stop);
  }

  @Test
  void measuresAndSavesOnScheduleAndAtTheEnd() {
    assertThat(run(5, 2, 3, () -> false).run()).isTrue();
    assertThat(events)
        .containsExactly(
            "step 1",
            "step 2",
            "evaluated 2",
            "step 3",
            "saved on the way 3",
            "step 4",
            "evaluated 4",
            "step 5",
            "evaluated 5",
            "saved end 5");
  }

  @Test
  void stopsAfterTheStepInWhichItWasAskedTo() {
    assertThat(run(5, 10, 10, () -> events.contains("step 2")).run()).isFalse();
    assertThat(events).containsExactly("step 1", "step 2", "saved on the way 2");
  }

  @Test
  void aStopAtTheLastStepIsTheEnd() {
    assertThat(run(2, 10, 10, () -> events.contains("step 2")).run()).isTrue();
    assertThat(events).containsExactly("step 1", "step 2", "evaluated 2", "saved end 2");
  }

  @Test
  void whatStandsAtItsEndIsEndedThere() {
    small.losses(3);
    assertThat(run(3, 2, 1, () -> false).run()).isTrue();
    assertThat(events).containsExactly("evaluated 3", "saved end 3");
  }

  @Test
  void aMeasurementThatWasMadeOnTheWayIsNotRepeated() {
    small.losses(4);
    assertThat(run(4, 2, 1, () -> false).run()).isTrue();
    assertThat(events).containsExactly("saved end 4");
  }

  @Test
  void whatHasItsEndIsLeftAlone() {
    small.losses(3);
    endIsThere = true;
    assertThat(run(3, 2, 1, () -> false).run()).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void aRunBeyondItsEndIsRefused() {
    small.losses(3);
    assertThatThrownBy(() -> run(2, 1, 1, () -> false).run())
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "the run has made 3 steps and cannot end at step 2; let it be longer, or give another"
                + " output");
    assertThat(events).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1, total-steps", "1, 0, 1, evaluate-every", "1, 1, 0, save-every"})
  void schedulesThatCannotWorkAreRefused(long total, long evaluate, long save, String key) {
    assertThatThrownBy(() -> new TrainingRun.Schedule(total, evaluate, save))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + ": must be");
  }

  @Test
  void aRunThatIsStuckSavesBeforeItFails() {
    small.close();
    Parts parts = Parts.PLAIN.with(BrokenSteps.notANumber(1L, 2L)).withMaxSkips(2);
    small = new SmallRun(Settings.PLAIN, SmallRun.walk(), parts);
    assertThatThrownBy(() -> run(5, 10, 10, () -> false).run())
        .isInstanceOf(NumericalException.class);
    assertThat(events).containsExactly("step 1", "step 2", "saved on the way 2");
  }
}
