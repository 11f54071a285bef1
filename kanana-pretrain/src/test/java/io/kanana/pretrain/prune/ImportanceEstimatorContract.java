package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.SmallModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pruning job relies on in every {@link ImportanceEstimator}; its own test extends this. */
public abstract class ImportanceEstimatorContract {
  @TempDir private Path directory;
  private ParentModel parent;
  private TensorBackend backend;

  /** The estimator, with settings under which it scores all the axes that it can. */
  protected abstract ImportanceEstimator.Config config();

  @BeforeEach
  final void open() {
    parent =
        SmallModels.write(directory.resolve("parent"), SmallModels.grouped(false), StoredType.F32);
    backend = new ReferenceBackend();
  }

  @AfterEach
  final void close() {
    parent.close();
    backend.close();
  }

  private List<AxisScores> scores(int microBatch) {
    return SmallCalibration.with(
        parent, backend, microBatch, calibration -> config().create().estimate(calibration));
  }

  @Test
  final void scoresEveryUnitOfItsAxes() {
    List<AxisScores> scores = scores(3);
    assertThat(scores).extracting(AxisScores::axis).containsExactlyElementsOf(config().axes());
    for (AxisScores axis : scores) {
      int units = axis.axis().size(parent.shape());
      assertThat(axis.overall()).hasSize(units);
      for (int layer = 0; layer < parent.shape().layers(); layer++) {
        assertThat(axis.of(layer)).as(axis.axis() + " of layer " + layer).hasSize(units);
      }
    }
  }

  @Test
  final void tellsUnitsApart() {
    for (AxisScores axis : scores(3)) {
      assertThat(axis.overall()).as(axis.axis().toString()).doesNotHaveDuplicates();
    }
  }

  @Test
  final void givesTheSameBitsAgain() {
    assertSame(scores(3), scores(3));
  }

  @Test
  final void doesNotDependOnMicroBatches() {
    List<AxisScores> one = scores(1);
    List<AxisScores> all = scores(7);
    for (int i = 0; i < one.size(); i++) {
      double[] expected = one.get(i).overall();
      double[] actual = all.get(i).overall();
      for (int unit = 0; unit < expected.length; unit++) {
        assertThat(actual[unit]).isCloseTo(expected[unit], within(1e-9 * (1 + expected[unit])));
      }
    }
  }

  /** Interrupted after each batch, and after each loss; a little further every time. */
  @Test
  final void goesOnBitForBitWhereItWasInterrupted() {
    InterimFiles interim = new InterimFiles(directory.resolve("interim"), 2);
    List<AxisScores> resumed = null;
    for (int attempt = 0; resumed == null; attempt++) {
      assertThat(attempt).as("attempts").isLessThan(100);
      Cancellation cancellation = new Cancellation();
      InterimResults interrupting = new Interrupting(interim, cancellation);
      try {
        resumed =
            SmallCalibration.with(
                parent, backend, 3, interrupting, cancellation, c -> config().create().estimate(c));
      } catch (Stopped _) {
        // and once more
      }
    }
    assertSame(resumed, scores(3));
  }

  private static void assertSame(List<AxisScores> actual, List<AxisScores> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).rows()).isDeepEqualTo(expected.get(i).rows());
    }
  }

  /** Asks for a stop as soon as anything new was found. */
  private record Interrupting(InterimResults files, Cancellation cancellation)
      implements InterimResults {
    @Override
    public long restore(String pass, Map<String, double[]> memory) {
      return files.restore(pass, memory);
    }

    @Override
    public boolean isDue(long batches) {
      cancellation.request();
      return files.isDue(batches);
    }

    @Override
    public void save(String pass, long batches, Map<String, double[]> memory) {
      files.save(pass, batches, memory);
    }

    @Override
    public java.util.Optional<Measurement> loss(String change) {
      return files.loss(change);
    }

    @Override
    public void keepLoss(String change, Measurement loss) {
      files.keepLoss(change, loss);
      cancellation.request();
    }
  }
}
