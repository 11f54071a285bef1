package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import java.util.List;

/**
 * Estimates how much a model would miss each of its units: an element of {@code importance} in a
 * job's configuration.
 *
 * <p>An estimate is a pure function of the model, the calibration text and the key of {@link
 * Calibration}. It goes through the model by {@link Calibration#observe} and its like alone, which
 * keep what was found so far, so that an interrupted run asks again and goes on.
 */
public interface ImportanceEstimator {
  /** An estimator's settings. */
  interface Config {
    /** The axes that it scores, known before there is a model. */
    List<Axis> axes();

    ImportanceEstimator create();
  }

  /** The scores of each of its axes; a larger one is of a unit that would be missed more. */
  List<AxisScores> estimate(Calibration calibration);
}
