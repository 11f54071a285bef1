package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.NumericalException;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.Duration;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RandomTokens;
import io.kanana.core.train.TokenBatch;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a text that says which of its windows were read. */
class DistillationTrialTest {
  private static final int CALIBRATION = 6;

  /** Of {@link #LENGTH} windows. */
  private static final class Watched implements BatchSource {
    private static final int LENGTH = 20;

    private final BatchSource tokens;
    private final SortedSet<Long> read = new TreeSet<>();

    Watched(BatchSource tokens) {
      this.tokens = tokens;
    }

    @Override
    public int contextLength() {
      return tokens.contextLength();
    }

    @Override
    public long epochLength() {
      return LENGTH;
    }

    @Override
    public TokenBatch batch(long firstSequence, int rows) {
      for (int row = 0; row < rows; row++) {
        read.add(firstSequence + row);
      }
      TokenBatch batch = tokens.batch(firstSequence, rows);
      return new TokenBatch(
          rows,
          batch.contextLength(),
          batch.tokens(),
          batch.targets(),
          batch.positions(),
          batch.documentStarts(),
          batch.targetCount());
    }

    @Override
    public String fingerprint() {
      return tokens.fingerprint();
    }
  }

  @TempDir Path directory;

  /** What was read to give half of the layers a score. */
  private SortedSet<Long> readBy(Duration until, double learningRate) throws Exception {
    try (ParentModel parent = ParentModel.open(TinyCheckpoint.write(directory.resolve("parent")));
        TensorBackend backend = TensorBackends.open("cpu", 1)) {
      Watched text = new Watched(new RandomTokens(16, parent.shape().vocabularySize(), 1));
      Calibration.Windows windows = new Calibration.Windows(text, CALIBRATION, 2);
      try (Calibration calibration = SmallCalibration.undisturbed(parent, backend, windows)) {
        PruningTask task = new PruningTask(new ImportanceScores(List.of()), calibration);
        ReshapePlan plan = ReshapePlan.ofLayers(parent.shape(), Indices.of(0));
        assertThat(trial(until, learningRate).score(plan, task)).isPositive();
        return text.read;
      }
    }
  }

  private static CandidateTrial trial(Duration until, double learningRate) {
    AdamW.Config adam = new AdamW.Config(learningRate, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);
    return new DistillationTrial.Config(until, 3, 1, adam, steps -> step -> 1).create();
  }

  @Test
  void learnsFromWhatCalibrationLeavesAlone() throws Exception {
    assertThat(readBy(Duration.ofSteps(2), 1e-3))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void anEpochEndsWithTheLastWholeStep() throws Exception {
    assertThat(readBy(Duration.ofEpochs(1), 1e-3)).hasSize(CALIBRATION + 12).doesNotContain(18L);
  }

  @Test
  void aCandidateThatComesToNothingIsNamed() {
    assertThatThrownBy(() -> readBy(Duration.ofSteps(4), 1e30))
        .isInstanceOf(NumericalException.class)
        .hasMessageStartingWith("strategy.trial.optimizer: candidate 1 layer");
  }

  /** Where no step is left to notice it. */
  @Test
  void soIsOneThatTheLastUpdateRuined() {
    assertThatThrownBy(() -> readBy(Duration.ofSteps(1), 1e300))
        .isInstanceOf(NumericalException.class)
        .hasMessageContaining("the loss after it is NaN");
  }
}
