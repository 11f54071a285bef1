package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.StoredTensor;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.WeightAxes;
import io.kanana.core.model.WeightAxes.Dimension;
import java.util.Arrays;
import java.util.List;

/**
 * Importance by the L2 norm of all weights of a unit ({@code type: weight-magnitude}): the rows and
 * columns that would go with it (Han et al., arXiv 1506.02626, for whole units). It looks at no
 * text.
 */
public final class WeightMagnitude implements ImportanceEstimator {
  private static final List<Axis> POSSIBLE =
      List.of(Axis.LAYERS, Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS);
  private static final int ROWS_AT_ONCE = 256;

  /**
   * @param axes which are scored
   * @param layers how layers are brought together
   */
  public record Config(List<Axis> axes, LayerAggregation layers)
      implements ImportanceEstimator.Config {
    public Config {
      ScoredAxes.check(axes, POSSIBLE, layers);
    }

    @Override
    public ImportanceEstimator create() {
      return new WeightMagnitude(this);
    }
  }

  private final Config config;

  public WeightMagnitude(Config config) {
    this.config = config;
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    return config.axes.stream().map(axis -> scores(axis, calibration)).toList();
  }

  private AxisScores scores(Axis axis, Calibration calibration) {
    return axis == Axis.LAYERS
        ? new AxisScores(axis, LayerAggregation.SUM, roots(ofLayers(calibration)))
        : new AxisScores(axis, config.layers, roots(ofUnits(axis, calibration)));
  }

  private static double[][] roots(double[][] squares) {
    return Arrays.stream(squares)
        .map(row -> Arrays.stream(row).map(Math::sqrt).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] ofLayers(Calibration calibration) {
    double[] squares = new double[calibration.shape().layers()];
    WeightAxes.of(calibration.shape())
        .filter(weight -> weight.layer().isPresent())
        .forEach(
            weight ->
                read(
                    calibration,
                    weight,
                    (row, column, value) ->
                        squares[weight.layer().getAsInt()] += (double) value * value));
    return new double[][] {squares};
  }

  /** A row for each layer; channels have one more for the weights outside of layers. */
  private static double[][] ofUnits(Axis axis, Calibration calibration) {
    ModelConfig shape = calibration.shape();
    int rows = shape.layers() + (axis == Axis.CHANNELS ? 1 : 0);
    double[][] squares = new double[rows][axis.size(shape)];
    WeightAxes.of(shape)
        .filter(weight -> weight.lies(axis))
        .forEach(
            weight -> add(axis, calibration, weight, squares[weight.layer().orElse(rows - 1)]));
    return squares;
  }

  private static void add(Axis axis, Calibration calibration, WeightAxes weight, double[] into) {
    boolean rows = weight.dimensions().getFirst().axis() == axis;
    Dimension along = rows ? weight.dimensions().getFirst() : weight.dimensions().getLast();
    read(
        calibration,
        weight,
        (row, column, value) ->
            into[(rows ? row : column) / along.block()] += (double) value * value);
  }

  private interface Element {
    void at(int row, int column, float value);
  }

  private static void read(Calibration calibration, WeightAxes weight, Element sink) {
    StoredTensor stored = calibration.parent().stored().weight(weight.name());
    int rows = Math.toIntExact(stored.spec().shape().getFirst());
    for (int first = 0; first < rows; first += ROWS_AT_ONCE) {
      float[] values = stored.rows(first, Math.min(rows, first + ROWS_AT_ONCE)).floats();
      int width = values.length / (Math.min(rows, first + ROWS_AT_ONCE) - first);
      for (int i = 0; i < values.length; i++) {
        sink.at(first + i / width, i % width, values[i]);
      }
    }
  }
}
