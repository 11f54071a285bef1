package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The description of weights along axes is that of the model which computes. */
class WeightAxesTest {
  private static ModelConfig shape(boolean tied) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(2, 20, 6, 2, 8, 28, 40, 16, 1e-5, rope, tied);
  }

  @Test
  void namesAndSizesAreThoseOfTheParameters() {
    for (boolean tied : new boolean[] {true, false}) {
      List<String> described =
          WeightAxes.of(shape(tied))
              .map(
                  weight ->
                      weight.name()
                          + weight.dimensions().stream().map(d -> d.size(shape(tied))).toList())
              .toList();
      try (TensorBackend backend = new ReferenceBackend();
          Llama model = Llama.frozen(shape(tied), Precision.F32, backend)) {
        List<String> computed = new ArrayList<>();
        model
            .parameters()
            .forEach(
                parameter -> {
                  for (Part part : parameter.parts()) {
                    int[] size = parameter.view(part, parameter.value()).shape();
                    computed.add(part.name() + Arrays.toString(size));
                  }
                });
        assertThat(described).isEqualTo(computed);
      }
    }
  }

  @Test
  void whatIsAddedToTheResidualStreamIsKnown() {
    assertThat(
            WeightAxes.of(shape(true))
                .filter(WeightAxes::writesToResidualStream)
                .map(WeightAxes::name))
        .containsExactly(
            "model.layers.0.self_attn.o_proj.weight",
            "model.layers.0.mlp.down_proj.weight",
            "model.layers.1.self_attn.o_proj.weight",
            "model.layers.1.mlp.down_proj.weight");
  }

  @Test
  void aWeightHasItsNameInEveryLayer() {
    WeightAxes gate =
        WeightAxes.of(shape(true))
            .filter(weight -> weight.name().equals("model.layers.1.mlp.gate_proj.weight"))
            .findFirst()
            .orElseThrow();
    assertThat(gate.nameIn(27)).isEqualTo("model.layers.27.mlp.gate_proj.weight");
    assertThat(gate.lies(Axis.NEURONS)).isTrue();
    assertThat(gate.lies(Axis.HEADS)).isFalse();
  }

  @Test
  void sizesOfAShapeAreFoundByAxis() {
    assertThat(Arrays.stream(Axis.values()).map(axis -> axis.size(shape(true))))
        .containsExactly(2, 20, 6, 2, 28, 40);
    ModelConfig smaller = shape(false).resized(1, 10, 4, 1, 14, true);
    assertThat(Arrays.stream(Axis.values()).map(axis -> axis.size(smaller)))
        .containsExactly(1, 10, 4, 1, 14, 40);
    assertThat(smaller.headDim()).isEqualTo(8);
    assertThat(smaller.tiedEmbeddings()).isTrue();
  }
}
