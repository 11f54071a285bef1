package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import io.kanana.core.model.LayerObserver;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import java.util.List;
import java.util.Map;

/**
 * Importance of layers by how much they turn the residual stream ({@code type: block-influence}):
 * one minus the mean cosine between a layer's input and output over all positions (Men et al.,
 * ShortGPT, arXiv 2403.03853, equation 1).
 */
public final class BlockInfluence implements ImportanceEstimator {
  /** There is nothing to choose. */
  public record Config() implements ImportanceEstimator.Config {
    @Override
    public List<Axis> axes() {
      return List.of(Axis.LAYERS);
    }

    @Override
    public ImportanceEstimator create() {
      return new BlockInfluence();
    }
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    Fold fold = new Fold(calibration);
    calibration.observe(fold);
    return List.of(fold.scores());
  }

  private static final class Fold implements BatchFold {
    private final PositionReader reader;
    private final double[] cosines;
    private final double[] positions = new double[1];

    Fold(Calibration calibration) {
      this.reader = new PositionReader(calibration.backend());
      this.cosines = new double[calibration.shape().layers()];
    }

    @Override
    public LayerObserver over(TokenBatch batch) {
      int[] lengths = Padding.lengths(batch);
      for (int length : lengths) {
        positions[0] += length;
      }
      Tensor[] input = new Tensor[1]; // of the layer that is being computed
      return (tape, layer, site, value) -> {
        if (site == Site.INPUT) {
          input[0] = value.value();
        } else if (site == Site.OUTPUT) {
          add(layer, input[0], value.value(), lengths, batch.contextLength());
        }
      };
    }

    private void add(int layer, Tensor input, Tensor output, int[] lengths, int time) {
      for (int row = 0; row < lengths.length; row++) {
        int first = row * time;
        reader.read(
            input, output, first, first + lengths[row], (x, y) -> cosines[layer] += cosine(x, y));
      }
    }

    private static double cosine(double[] x, double[] y) {
      double product = 0;
      double xx = 0;
      double yy = 0;
      for (int i = 0; i < x.length; i++) {
        product += x[i] * y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
      }
      return xx == 0 || yy == 0 ? 0 : product / Math.sqrt(xx * yy);
    }

    @Override
    public Map<String, double[]> memory() {
      return Map.of("cosines", cosines, "positions", positions);
    }

    AxisScores scores() {
      double[] influence = new double[cosines.length];
      for (int i = 0; i < influence.length; i++) {
        influence[i] = 1 - cosines[i] / positions[0];
      }
      return new AxisScores(Axis.LAYERS, LayerAggregation.SUM, new double[][] {influence});
    }
  }
}
