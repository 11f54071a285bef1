package io.kanana.pretrain.prune;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Importance of layers by the perplexity of the model without them, one at a time ({@code type:
 * layer-removal}). It takes as many passes over the text as there are layers.
 */
public final class LayerRemoval implements ImportanceEstimator {
  /** There is nothing to choose. */
  public record Config() implements ImportanceEstimator.Config {
    @Override
    public List<Axis> axes() {
      return List.of(Axis.LAYERS);
    }

    @Override
    public ImportanceEstimator create() {
      return new LayerRemoval();
    }
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    ModelConfig shape = calibration.shape();
    if (shape.layers() < 2) {
      throw new ConfigException(
          "importance", "layer-removal needs a model of at least 2 layers, got " + shape.layers());
    }
    double[] perplexity =
        IntStream.range(0, shape.layers())
            .mapToDouble(layer -> Math.exp(calibration.loss(without(shape, layer))))
            .toArray();
    return List.of(new AxisScores(Axis.LAYERS, LayerAggregation.SUM, new double[][] {perplexity}));
  }

  private static ReshapePlan without(ModelConfig shape, int layer) {
    int[] others = IntStream.range(0, shape.layers()).filter(l -> l != layer).toArray();
    return ReshapePlan.ofLayers(shape, Indices.of(others));
  }
}
