package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.List;
import java.util.Set;

/**
 * Decides which units of a model stay: the section {@code strategy} of a job's configuration. A
 * decision is a pure function of its {@link PruningTask}; carrying it out is not its part.
 */
public interface PruningStrategy {
  /** A strategy's settings. */
  interface Config {
    PruningStrategy create();
  }

  /**
   * The axes whose scores it will read for a model of this shape, so that a missing estimator is
   * told of before hours of estimation.
   *
   * @throws io.kanana.core.error.ConfigException if it can do nothing with such a model
   */
  Set<Axis> axes(ModelConfig parent);

  /** Whether it tries plans on text, which then must be given. */
  default boolean readsText() {
    return false;
  }

  /** The shapes that may come out, where that is known beforehand; for people. */
  default List<ModelConfig> candidates(ModelConfig parent) {
    return List.of();
  }

  /**
   * Operations that deciding takes besides measurements, as far as they are known beforehand.
   *
   * @throws io.kanana.core.error.ConfigException if it cannot decide so
   */
  default double operations(ModelConfig parent, int contextLength) {
    return 0;
  }

  /** The plan. */
  ReshapePlan decide(PruningTask task);
}
