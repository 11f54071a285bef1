package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.SmallModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pruning job relies on in every {@link PruningStrategy}; its own test extends this. */
public abstract class PruningStrategyContract {
  @TempDir private Path directory;
  private ParentModel parent;
  private TensorBackend backend;

  /** The strategy, with settings that prune {@link #parent}. */
  protected abstract PruningStrategy.Config config();

  /** A shape that it can prune; {@link SmallModels} makes small ones. */
  protected abstract ModelConfig parent();

  @BeforeEach
  final void open() {
    parent = SmallModels.write(directory.resolve("parent"), parent(), StoredType.F32);
    backend = new ReferenceBackend();
  }

  @AfterEach
  final void close() {
    parent.close();
    backend.close();
  }

  /** The plan, of scores for these axes and no others. */
  private ReshapePlan decide(Set<Axis> axes) {
    return SmallCalibration.with(
        parent,
        backend,
        3,
        calibration -> {
          List<AxisScores> scores = new ArrayList<>();
          if (!axes.isEmpty()) {
            scores.addAll(
                new RandomImportance.Config(List.copyOf(axes), LayerAggregation.SUM)
                    .create()
                    .estimate(calibration));
          }
          PruningTask task = new PruningTask(new ImportanceScores(scores), calibration);
          return config().create().decide(task);
        });
  }

  private Set<Axis> axes() {
    return config().create().axes(parent.shape());
  }

  @Test
  final void plansWhatCanBeMadeOfTheParent() {
    ModelConfig target = decide(axes()).target(parent.shape());
    assertThat(target.parameterCount()).isLessThanOrEqualTo(parent.shape().parameterCount());
  }

  @Test
  final void readsNoScoresButThoseItNamed() {
    assertThat(decide(axes())).as("by scores of %s alone", axes()).isNotNull();
  }

  @Test
  final void decidesTheSameAgain() {
    assertThat(decide(axes())).isEqualTo(decide(axes()));
  }

  @Test
  final void namesTheShapeThatComesOutAmongItsCandidates() {
    List<ModelConfig> candidates = config().create().candidates(parent.shape());
    if (!candidates.isEmpty()) {
      assertThat(candidates).contains(decide(axes()).target(parent.shape()));
    }
  }
}
