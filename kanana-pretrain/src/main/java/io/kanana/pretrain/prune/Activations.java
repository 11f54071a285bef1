package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.model.Axis;
import java.util.List;

/**
 * Importance by the size of activations ({@code type: activations}), in forward passes alone:
 * Minitron (Muralidharan et al., arXiv 2407.14679, section 2.2) as Kanana (arXiv 2502.18934,
 * section 2.3.3) refined it for gated units.
 *
 * <p>A query head is as important as the L2 norm of what its attention found, before the output
 * projection; a key and value head as that of all its query heads together; a neuron as its signal;
 * a channel as the normalised stream at it, before attention and before the gated unit. Positions
 * of a sequence are aggregated first, then sequences, then layers.
 */
public final class Activations implements ImportanceEstimator {
  /** What stands for a neuron of a gated unit. */
  public enum NeuronSignal {
    /** silu(gate) * up, what the down projection reads. */
    INTERMEDIATE,
    /** The mean of |gate| and |up|, before the non-linearity. */
    GATE_AND_UP
  }

  /** Over positions of a sequence, then sequences, then layers. */
  public record Aggregates(Aggregation sequence, Aggregation batch, LayerAggregation layers) {}

  /**
   * @param axes which are scored
   * @param neuronSignal what stands for a neuron
   * @param heads how query heads are aggregated
   * @param kvHeads how key and value heads are
   * @param neurons how neurons are
   * @param channels how channels are; the layers' cannot be none
   */
  public record Config(
      List<Axis> axes,
      NeuronSignal neuronSignal,
      Aggregates heads,
      Aggregates kvHeads,
      Aggregates neurons,
      Aggregates channels)
      implements ImportanceEstimator.Config {
    public Config {
      ScoredAxes.check(axes, Sites.AXES);
      Check.that(
          channels.layers() != LayerAggregation.NONE,
          "channels.layers",
          "must not be none, since all layers share the channels");
    }

    Aggregates aggregates(Axis axis) {
      return switch (axis) {
        case HEADS -> heads;
        case KV_HEADS -> kvHeads;
        case NEURONS -> neurons;
        case CHANNELS -> channels;
        case LAYERS, VOCABULARY -> throw new IllegalArgumentException(axis + " is not among them");
      };
    }

    @Override
    public ImportanceEstimator create() {
      return new Activations(this);
    }
  }

  private final Config config;

  public Activations(Config config) {
    this.config = config;
  }

  @Override
  public List<AxisScores> estimate(Calibration calibration) {
    List<ActivationFold> folds =
        config.axes.stream()
            .map(
                axis ->
                    new ActivationFold(
                        axis, config.neuronSignal, config.aggregates(axis), calibration))
            .toList();
    calibration.observe(new FoldsTogether(folds));
    return folds.stream().map(ActivationFold::scores).toList();
  }
}
