package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import java.util.List;

/**
 * Importance by how much the loss would change to first order if a unit's activation became zero
 * ({@code type: taylor}): |gradient * activation| (Molchanov et al., arXiv 1611.06440, section
 * 2.2), with the mean next-token cross entropy over all calibration text as the loss. It takes a
 * backward pass, though no weight's gradient.
 */
public final class Taylor implements ImportanceEstimator {
  /** How the changes at single positions become one. */
  public enum Reduction {
    /** The mean of their magnitudes. */
    MEAN_OF_MAGNITUDES,
    /** The magnitude of their sum: the change if the unit were gone at every position. */
    MAGNITUDE_OF_SUM
  }

  /**
   * @param axes which are scored
   * @param reduction how positions are brought together
   * @param layers how layers are
   */
  public record Config(List<Axis> axes, Reduction reduction, LayerAggregation layers)
      implements ImportanceEstimator.Config {
    public Config {
      ScoredAxes.check(axes, Sites.AXES, layers);
    }

    @Override
    public ImportanceEstimator create() {
      return new Taylor(this);
    }
  }

  private final Config config;

  public Taylor(Config config) {
    this.config = config;
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    List<TaylorFold> folds =
        config.axes.stream()
            .map(axis -> new TaylorFold(axis, config.reduction, calibration))
            .toList();
    calibration.differentiate(new FoldsTogether(folds));
    return folds.stream().map(fold -> fold.scores(config.layers)).toList();
  }
}
