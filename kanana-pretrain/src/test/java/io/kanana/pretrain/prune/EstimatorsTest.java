package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Every estimator keeps the contract. */
class EstimatorsTest {
  private static final List<Axis> UNITS =
      List.of(Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS);
  private static final List<Axis> ALL =
      List.of(Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS, Axis.LAYERS);

  private static Activations.Config activations(Activations.NeuronSignal signal) {
    Activations.Aggregates report =
        new Activations.Aggregates(Aggregation.MEAN, Aggregation.L2, LayerAggregation.SUM);
    Activations.Aggregates variances =
        new Activations.Aggregates(
            Aggregation.VARIANCE, Aggregation.VARIANCE, LayerAggregation.NONE);
    return new Activations.Config(UNITS, signal, variances, variances, report, report);
  }

  @Nested
  class OfActivations extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return activations(Activations.NeuronSignal.INTERMEDIATE);
    }
  }

  @Nested
  class OfGateAndUp extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return activations(Activations.NeuronSignal.GATE_AND_UP);
    }
  }

  @Nested
  class OfTaylor extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return new Taylor.Config(UNITS, Taylor.Reduction.MEAN_OF_MAGNITUDES, LayerAggregation.L2);
    }
  }

  @Nested
  class OfBlockInfluence extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return new BlockInfluence.Config();
    }
  }

  @Nested
  class OfLayerRemoval extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return new LayerRemoval.Config();
    }
  }

  @Nested
  class OfWeightMagnitude extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return new WeightMagnitude.Config(ALL, LayerAggregation.VARIANCE);
    }
  }

  @Nested
  class OfRandom extends ImportanceEstimatorContract {
    @Override
    protected ImportanceEstimator.Config config() {
      return new RandomImportance.Config(ALL, LayerAggregation.SUM);
    }
  }
}
