package io.kanana.pretrain.prune;

import io.kanana.core.config.Names;
import io.kanana.core.model.Axis;
import io.kanana.core.model.LayerObserver;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The sizes of one axis' activations: aggregated over each sequence at once, then over all. */
final class ActivationFold implements BatchFold {
  private final Axis axis;
  private final Activations.Aggregates aggregates;
  private final Sites sites;
  private final boolean gateAndUp;
  private final PositionReader reader;
  private final List<Running> batch;
  private final Running sequence;
  private final double[] units;

  ActivationFold(
      Axis axis,
      Activations.NeuronSignal signal,
      Activations.Aggregates aggregates,
      Calibration calibration) {
    ModelConfig shape = calibration.shape();
    this.axis = axis;
    this.aggregates = aggregates;
    this.gateAndUp = axis == Axis.NEURONS && signal == Activations.NeuronSignal.GATE_AND_UP;
    this.sites =
        gateAndUp ? new Sites(List.of(Site.GATE_UP), shape.ffnSize(), 1) : Sites.of(axis, shape);
    this.reader = new PositionReader(calibration.backend());
    this.batch =
        IntStream.range(0, sites.rows(shape))
            .mapToObj(row -> new Running(aggregates.batch(), sites.units()))
            .toList();
    this.sequence = new Running(aggregates.sequence(), sites.units());
    this.units = new double[sites.units()];
  }

  @Override
  public LayerObserver over(TokenBatch tokens) {
    int[] lengths = Padding.lengths(tokens);
    return (tape, layer, site, value) -> {
      int row = sites.row(layer, site);
      if (row >= 0) {
        add(value.value(), lengths, tokens.contextLength(), batch.get(row));
      }
    };
  }

  private void add(Tensor values, int[] lengths, int time, Running into) {
    for (int row = 0; row < lengths.length; row++) {
      sequence.clear();
      reader.read(values, row * time, row * time + lengths[row], this::addPosition);
      into.add(sequence.result());
    }
  }

  private void addPosition(double[] values) {
    if (gateAndUp) {
      for (int i = 0; i < units.length; i++) {
        units[i] = (Math.abs(values[i]) + Math.abs(values[i + units.length])) / 2;
      }
      sequence.add(units);
    } else if (sites.block() == 1) {
      sequence.add(values);
    } else {
      norms(values);
      sequence.add(units);
    }
  }

  /** The L2 norm of each unit's elements. */
  private void norms(double[] values) {
    Arrays.fill(units, 0);
    for (int i = 0; i < values.length; i++) {
      units[i / sites.block()] += values[i] * values[i];
    }
    for (int i = 0; i < units.length; i++) {
      units[i] = Math.sqrt(units[i]);
    }
  }

  @Override
  public Map<String, double[]> memory() {
    Map<String, double[]> memory = new TreeMap<>();
    for (int row = 0; row < batch.size(); row++) {
      batch.get(row).collect(Names.of(axis) + "." + row, memory);
    }
    return memory;
  }

  AxisScores scores() {
    double[][] rows = batch.stream().map(Running::result).toArray(double[][]::new);
    return new AxisScores(axis, aggregates.layers(), rows);
  }
}
