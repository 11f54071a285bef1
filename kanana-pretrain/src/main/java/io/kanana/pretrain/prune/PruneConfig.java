package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.job.JobConfig;
import io.kanana.core.model.Axis;
import io.kanana.core.train.ComputeConfig;
import io.kanana.pretrain.reshape.TextConfig;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings of the job {@code prune}.
 *
 * @param output where everything goes
 * @param seed of the windows' order and of estimates by chance
 * @param compute the machine's part
 * @param model the Hugging Face directory of the model that is pruned
 * @param data text to observe it on, and to measure both models on
 * @param calibration how much of the text
 * @param importance the estimators, each axis scored by at most one
 * @param strategy what decides on the plan
 * @param evaluate measurements on held-out text, before and after
 */
public record PruneConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    TextConfig data,
    CalibrationConfig calibration,
    List<ImportanceEstimator.Config> importance,
    PruningStrategy.Config strategy,
    Evaluate evaluate)
    implements JobConfig {
  public PruneConfig {
    Map<Axis, Integer> first = new EnumMap<>(Axis.class);
    for (int i = 0; i < importance.size(); i++) {
      for (Axis axis : importance.get(i).axes()) {
        Integer other = first.putIfAbsent(axis, i);
        Check.that(
            other == null,
            "importance[" + i + "]",
            "must not score %s, which importance[%s] does; name other axes in one of them",
            Names.of(axis),
            other);
      }
    }
  }

  /** The axes that will be scored. */
  Set<Axis> scored() {
    Set<Axis> axes = EnumSet.noneOf(Axis.class);
    importance.forEach(estimator -> axes.addAll(estimator.axes()));
    return axes;
  }

  /**
   * @param windows of text that the model is observed on
   * @param microBatch windows that go through the model at once
   * @param saveEvery micro-batches after which what was found so far is saved
   */
  public record CalibrationConfig(long windows, int microBatch, long saveEvery) {
    public CalibrationConfig {
      Check.that(windows > 0, "windows", "must be at least 1, got %s", windows);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
      Check.that(saveEvery > 0, "save-every", "must be at least 1, got %s", saveEvery);
    }
  }

  /**
   * @param windows the most that are measured; the first held-out ones
   */
  public record Evaluate(long windows) {
    public Evaluate {
      Check.that(windows > 0, "windows", "must be at least 1, got %s", windows);
    }
  }
}
