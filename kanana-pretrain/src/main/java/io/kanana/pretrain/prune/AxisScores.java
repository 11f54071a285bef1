package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Axis;
import java.util.Arrays;
import java.util.Locale;

/**
 * How important the units of one axis are, as raw as the estimator saw them, so that other shapes
 * can be decided on without another look at the model. Immutable.
 */
public final class AxisScores {
  private final Axis axis;
  private final LayerAggregation across;
  private final double[][] rows;

  /**
   * @param axis whose units are scored
   * @param across how the rows are brought together
   * @param rows for units that each layer has of its own (heads, neurons), one row per layer; for
   *     channels one per place in the network where they were looked at; for layers a single row
   * @throws NumericalException if a score is not a finite number
   */
  public AxisScores(Axis axis, LayerAggregation across, double[][] rows) {
    Check.that(
        across != LayerAggregation.NONE || isOfEachLayer(axis),
        "layers",
        "must not be none for %s, which all layers share",
        Names.of(axis));
    this.axis = axis;
    this.across = across;
    this.rows = Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    checkFinite();
  }

  /** Whether each layer has units of its own along an axis. */
  static boolean isOfEachLayer(Axis axis) {
    return axis == Axis.HEADS || axis == Axis.KV_HEADS || axis == Axis.NEURONS;
  }

  private void checkFinite() {
    for (int row = 0; row < rows.length; row++) {
      for (int unit = 0; unit < rows[row].length; unit++) {
        if (!Double.isFinite(rows[row][unit])) {
          throw new NumericalException(
              String.format(
                  Locale.ROOT,
                  "the importance of %s %d in row %d is %s, which ranks nothing; look at the model's weights and at the calibration text",
                  Names.of(axis),
                  unit,
                  row,
                  rows[row][unit]));
        }
      }
    }
  }

  public Axis axis() {
    return axis;
  }

  public LayerAggregation across() {
    return across;
  }

  /** The scores as they were given; a copy. */
  public double[][] rows() {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  /** How many units are scored. */
  public int units() {
    return rows[0].length;
  }

  /** One score for each unit over the whole network. */
  public double[] overall() {
    return aggregated(across == LayerAggregation.NONE ? LayerAggregation.SUM : across);
  }

  /** The scores that rank the units of a layer: its own, or those of the whole network. */
  public double[] of(int layer) {
    return across == LayerAggregation.NONE ? rows[layer].clone() : aggregated(across);
  }

  private double[] aggregated(LayerAggregation how) {
    double[] sums = new double[units()];
    for (double[] row : rows) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += how == LayerAggregation.L2 ? row[i] * row[i] : row[i];
      }
    }
    return switch (how) {
      case SUM, NONE -> sums;
      case L2 -> Arrays.stream(sums).map(Math::sqrt).toArray();
      case VARIANCE -> variance(sums);
    };
  }

  private double[] variance(double[] sums) {
    double[] variance = new double[sums.length];
    for (double[] row : rows) {
      for (int i = 0; i < variance.length; i++) {
        double distance = row[i] - sums[i] / rows.length;
        variance[i] += distance * distance / rows.length;
      }
    }
    return variance;
  }
}
