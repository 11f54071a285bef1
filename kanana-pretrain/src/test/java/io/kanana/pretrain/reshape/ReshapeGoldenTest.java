package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is made of the golden plans, against what PyTorch made of them. */
@Tag("golden")
class ReshapeGoldenTest {
  private final GoldenPruning golden = new GoldenPruning();

  private static Indices indices(JsonNode array) {
    return Indices.of(Golden.ints(array));
  }

  /** A case's plan; where it has one list for each layer, theirs, else the same in all. */
  private static ReshapePlan plan(JsonNode kept, ModelConfig old) {
    List<LayerOrigin> layers =
        IntStream.range(0, old.layers())
            .mapToObj(
                layer ->
                    new LayerOrigin(
                        layer,
                        indices(ofLayer(kept.get("heads"), layer)),
                        Indices.all(old.kvHeads()),
                        indices(ofLayer(kept.get("neurons"), layer)),
                        List.of(),
                        false))
            .toList();
    return new ReshapePlan(indices(kept.get("channels")), layers, old.tiedEmbeddings());
  }

  private static JsonNode ofLayer(JsonNode kept, int layer) {
    return kept.get(0).isArray() ? kept.get(layer) : kept;
  }

  private void assertLogits(
      String id, ReshapePlan change, HuggingFaceModel source, TensorBackend b) {
    ModelConfig old = source.config().model();
    try (Llama model = new ReshapedModel(source.tensors(), old, change).load(b, Precision.F32)) {
      golden.assertLogits(model, golden.get(id));
    }
  }

  @TestFactory
  Stream<DynamicTest> pruned() {
    return GoldenPruning.onEveryBackEnd(backend -> checkPruned("pruned", backend));
  }

  @TestFactory
  Stream<DynamicTest> prunedInEachLayerForItself() {
    return GoldenPruning.onEveryBackEnd(backend -> checkPruned("prunedPerLayer", backend));
  }

  private void checkPruned(String id, TensorBackend backend) {
    try (HuggingFaceModel source = golden.source(golden.get(id))) {
      ReshapePlan change = plan(golden.get(id).get("kept"), source.config().model());
      assertLogits(id, change, source, backend);
    }
  }

  @TestFactory
  Stream<DynamicTest> upscaled() {
    return GoldenPruning.onEveryBackEnd(
        backend -> {
          try (HuggingFaceModel source = golden.source(golden.get("upscaled"))) {
            assertLogits("upscaled", upscaling(source.config().model()), source, backend);
          }
        });
  }

  private ReshapePlan upscaling(ModelConfig old) {
    return ReshapePlan.ofLayers(old, indices(golden.get("upscaled").get("layerOrder")));
  }

  @TestFactory
  Stream<DynamicTest> tied() {
    return GoldenPruning.onEveryBackEnd(
        backend -> {
          try (HuggingFaceModel source = golden.source(golden.get("tied"))) {
            ReshapePlan none = ReshapePlan.none(source.config().model());
            ReshapePlan tied = new ReshapePlan(none.channels(), none.layers(), true);
            assertTied(new ReshapedModel(source.tensors(), source.config().model(), tied), backend);
          }
        });
  }

  /** The mean of two F32 matrices is rounded to F32 here, and was not there. */
  private void assertTied(ReshapedModel tied, TensorBackend backend) {
    double tolerance = Math.max(5e-7, GoldenPruning.tolerance(backend));
    try (Llama model = tied.load(backend, Precision.F32)) {
      golden.assertLogits(model, golden.get("tied"), tolerance);
    }
  }

  @Test
  void weightsAreThoseThatPythonWrote() {
    try (HuggingFaceModel source = golden.source(golden.get("pruned"));
        HuggingFaceModel expected = golden.result("pruned")) {
      ReshapePlan change = plan(golden.get("pruned").get("kept"), source.config().model());
      assertSameWeights(source, change, expected);
    }
    try (HuggingFaceModel source = golden.source(golden.get("upscaled"));
        HuggingFaceModel expected = golden.result("upscaled")) {
      assertSameWeights(source, upscaling(source.config().model()), expected);
    }
  }

  private static void assertSameWeights(
      HuggingFaceModel source, ReshapePlan change, HuggingFaceModel expected) {
    ReshapedModel made = new ReshapedModel(source.tensors(), source.config().model(), change);
    assertThat(made.shape()).isEqualTo(expected.config().model());
    List<TensorContent> weights = made.weights(StoredType.F32);
    assertThat(weights)
        .extracting(weight -> weight.spec().name())
        .containsExactlyInAnyOrderElementsOf(expected.tensors().names());
    for (TensorContent weight : weights) {
      assertThat(weight.data().get().toArray(ValueLayout.JAVA_FLOAT))
          .as(weight.spec().name())
          .isEqualTo(expected.weight(weight.spec().name()).floats());
    }
  }
}
