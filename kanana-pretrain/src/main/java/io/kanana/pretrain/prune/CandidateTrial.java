package io.kanana.pretrain.prune;

import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;

/**
 * How candidates are compared: the section {@code trial} of a search. The loss right after pruning
 * is quick; after some steps of distillation candidates rank as they would after many (Minitron,
 * section 3.3).
 */
public interface CandidateTrial {
  /** A trial's settings. */
  interface Config {
    CandidateTrial create();

    /**
     * Operations of a trial besides its measurement, as far as they are known beforehand.
     *
     * @throws io.kanana.core.error.ConfigException if the settings do not fit one another
     */
    default double operations(ModelConfig parent, ModelConfig candidate, int contextLength) {
      return 0;
    }
  }

  /** How bad the model is after a plan; less is better. */
  double score(ReshapePlan plan, PruningTask task);
}
