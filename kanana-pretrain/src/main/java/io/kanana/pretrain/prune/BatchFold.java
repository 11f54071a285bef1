package io.kanana.pretrain.prune;

import io.kanana.core.model.LayerObserver;
import io.kanana.core.train.TokenBatch;
import java.util.Map;

/**
 * A running summary of what a model computes on calibration text, batch by batch. Between batches
 * {@link #memory} is all there is to it, so a pass that is interrupted goes on from there.
 */
public interface BatchFold {
  /** What looks on while one batch goes through the model. */
  LayerObserver over(TokenBatch batch);

  /**
   * The arrays that hold the summary, by name: always the same ones, which whoever goes on from a
   * saved memory fills.
   */
  Map<String, double[]> memory();
}
