package io.kanana.pretrain.prune;

import io.kanana.core.config.Names;
import io.kanana.core.model.Axis;
import io.kanana.core.model.LayerObserver;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Sums of gradient * activation of one axis' units over positions. */
final class TaylorFold implements BatchFold {
  private final Axis axis;
  private final Taylor.Reduction reduction;
  private final Sites sites;
  private final PositionReader reader;
  private final double[][] sums;
  private final double[] positions = new double[1];
  private final double[] targets = new double[1];
  private final double[] units;

  TaylorFold(Axis axis, Taylor.Reduction reduction, Calibration calibration) {
    this.axis = axis;
    this.reduction = reduction;
    this.sites = Sites.of(axis, calibration.shape());
    this.reader = new PositionReader(calibration.backend());
    this.sums = new double[sites.rows(calibration.shape())][sites.units()];
    this.units = new double[sites.units()];
  }

  @Override
  public LayerObserver over(TokenBatch batch) {
    int[] lengths = Padding.lengths(batch);
    positions[0] += Arrays.stream(lengths).sum();
    targets[0] += batch.targetCount();
    return (tape, layer, site, value) -> {
      int row = sites.row(layer, site);
      if (row >= 0) {
        tape.watch(
            value,
            gradient -> add(value.value(), gradient, lengths, batch.contextLength(), sums[row]));
      }
    };
  }

  private void add(Tensor values, Tensor gradients, int[] lengths, int time, double[] into) {
    for (int row = 0; row < lengths.length; row++) {
      int first = row * time;
      reader.read(
          values, gradients, first, first + lengths[row], (a, g) -> addPosition(a, g, into));
    }
  }

  private void addPosition(double[] activations, double[] gradients, double[] into) {
    Arrays.fill(units, 0);
    for (int i = 0; i < activations.length; i++) {
      units[i / sites.block()] += activations[i] * gradients[i];
    }
    boolean magnitudes = reduction == Taylor.Reduction.MEAN_OF_MAGNITUDES;
    for (int i = 0; i < units.length; i++) {
      into[i] += magnitudes ? Math.abs(units[i]) : units[i];
    }
  }

  @Override
  public Map<String, double[]> memory() {
    String name = Names.of(axis);
    Map<String, double[]> memory = new TreeMap<>();
    memory.put(name + ".positions", positions);
    memory.put(name + ".targets", targets);
    for (int row = 0; row < sums.length; row++) {
      memory.put(name + "." + row, sums[row]);
    }
    return memory;
  }

  /** The gradients were those of the sum over targets; the loss is their mean. */
  AxisScores scores(LayerAggregation across) {
    boolean mean = reduction == Taylor.Reduction.MEAN_OF_MAGNITUDES;
    double divisor = Math.max(1, targets[0]) * (mean ? Math.max(1, positions[0]) : 1);
    double[][] rows =
        Arrays.stream(sums)
            .map(row -> Arrays.stream(row).map(sum -> Math.abs(sum) / divisor).toArray())
            .toArray(double[][]::new);
    return new AxisScores(axis, across, rows);
  }
}
