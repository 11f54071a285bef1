package io.kanana.pretrain.prune;

import io.kanana.core.config.Names;
import io.kanana.core.model.Axis;
import io.kanana.core.random.RandomKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Importance by chance ({@code type: random}): what every other estimator must be better than.
 * Uniform in [0, 1), by the key of the run.
 */
public final class RandomImportance implements ImportanceEstimator {
  private static final List<Axis> POSSIBLE =
      List.of(Axis.LAYERS, Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS);

  /**
   * @param axes which are scored
   * @param layers none for a draw of each layer's own, else one for all
   */
  public record Config(List<Axis> axes, LayerAggregation layers)
      implements ImportanceEstimator.Config {
    public Config {
      ScoredAxes.check(axes, POSSIBLE, layers);
    }

    @Override
    public ImportanceEstimator create() {
      return new RandomImportance(this);
    }
  }

  private final Config config;

  public RandomImportance(Config config) {
    this.config = config;
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    return config.axes.stream().map(axis -> scores(axis, calibration)).toList();
  }

  private AxisScores scores(Axis axis, Calibration calibration) {
    int rows = AxisScores.isOfEachLayer(axis) ? calibration.shape().layers() : 1;
    int units = axis.size(calibration.shape());
    RandomKey key = calibration.key().child("random").child(Names.of(axis));
    double[][] drawn =
        IntStream.range(0, rows)
            .mapToObj(
                row -> IntStream.range(0, units).mapToDouble(key.child(row)::uniform).toArray())
            .toArray(double[][]::new);
    return new AxisScores(axis, axis == Axis.LAYERS ? LayerAggregation.SUM : config.layers, drawn);
  }
}
