package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.Axis;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.GoldenPruning;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapedModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The whole way: from text to scores to the golden plan to the golden logits. */
@Tag("golden")
class PruningGoldenTest {
  private final GoldenPruning golden = new GoldenPruning();

  @TestFactory
  Stream<DynamicTest> oneRankingForTheNetwork() {
    return GoldenPruning.onEveryBackEnd(backend -> check("pruned", LayerAggregation.SUM, backend));
  }

  @TestFactory
  Stream<DynamicTest> oneRankingForEachLayer() {
    return GoldenPruning.onEveryBackEnd(
        backend -> check("prunedPerLayer", LayerAggregation.NONE, backend));
  }

  private void check(String id, LayerAggregation ofUnits, TensorBackend backend) {
    JsonNode inputs = golden.get("importance.inputs");
    Calibration.Windows windows =
        new Calibration.Windows(RowsOfIds.of(inputs.get("inputIds")), 4, 2);
    try (ParentModel parent = golden.parent(inputs.get("model"));
        Calibration calibration = SmallCalibration.undisturbed(parent, backend, windows)) {
      ImportanceScores scores =
          new ImportanceScores(estimator(ofUnits).create().estimate(calibration));
      PruningTask task = new PruningTask(scores, calibration);
      ReshapePlan plan = target(golden.get(id).get("keep")).create().decide(task);
      assertKept(plan, golden.get(id).get("kept"));
      try (Llama pruned = ReshapedModel.of(parent, plan).load(backend, Precision.F32)) {
        golden.assertLogits(pruned, golden.get(id));
      }
      assertShape(plan.target(parent.shape()));
    }
  }

  private static ImportanceEstimator.Config estimator(LayerAggregation ofUnits) {
    Activations.Aggregates own =
        new Activations.Aggregates(Aggregation.MEAN, Aggregation.L2, ofUnits);
    Activations.Aggregates shared =
        new Activations.Aggregates(Aggregation.MEAN, Aggregation.L2, LayerAggregation.SUM);
    return new Activations.Config(
        List.of(Axis.HEADS, Axis.NEURONS, Axis.CHANNELS),
        Activations.NeuronSignal.INTERMEDIATE,
        own,
        own,
        own,
        shared);
  }

  private static PruningStrategy.Config target(JsonNode keep) {
    return new TargetShape.Config(
        OptionalInt.empty(),
        OptionalInt.of(keep.get("channels").asInt()),
        OptionalInt.of(keep.get("heads").asInt()),
        OptionalInt.empty(),
        OptionalInt.of(keep.get("neurons").asInt()),
        Optional.empty(),
        BestUnits.Order.INDEX,
        false,
        false);
  }

  private static void assertKept(ReshapePlan plan, JsonNode kept) {
    assertThat(plan.channels()).isEqualTo(indices(kept.get("channels"), 0));
    for (int layer = 0; layer < plan.layers().size(); layer++) {
      assertThat(plan.layers().get(layer).heads()).isEqualTo(indices(kept.get("heads"), layer));
      assertThat(plan.layers().get(layer).neurons()).isEqualTo(indices(kept.get("neurons"), layer));
    }
  }

  private static Indices indices(JsonNode kept, int layer) {
    return Indices.of(Golden.ints(kept.get(0).isArray() ? kept.get(layer) : kept));
  }

  private void assertShape(ModelConfig shape) {
    try (HuggingFaceModel expected = golden.result("pruned")) {
      assertThat(shape).isEqualTo(expected.config().model());
    }
  }
}
