package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan must keep, told by the place in the plan. */
class ReshapePlanTest {
  private static final ModelConfig OLD = SmallModels.grouped(true);

  private static ReshapePlan plan(String heads, String kvHeads, String neurons) {
    List<LayerOrigin> layers = new ArrayList<>(ReshapePlan.none(OLD).layers());
    layers.set(
        1,
        new LayerOrigin(
            1,
            Indices.parse(heads),
            Indices.parse(kvHeads),
            Indices.parse(neurons),
            List.of(),
            false));
    return ReshapePlan.none(OLD).withLayers(layers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "0-4@0-1@0-27@layers[1].heads: must be as many as in the first layer (6), got 5"
            + "\\nlayers[1].heads: must be as many for each of 2 kv heads, got 5",
        "0-4, 6@0-1@0-27@layers[1].heads: must lie in 0-5, got 6",
        "0-3, 5, 5@0-1@0-27" + "@layers[1].heads: must be different from one another, got 5 twice",
        "0-1, 3, 2, 4-5@0-1@0-27"
            + "@layers[1].heads: must have heads 0-2 of kv head 0 at position 2, got 3",
        "0-5@1, 0@0-27@layers[1].heads: must have heads 3-5 of kv head 1 at position 0, got 0",
        "0-5@0-1@''@layers[1].neurons: must keep at least one"
            + "\\nlayers[1].neurons: must be as many as in the first layer (28), got 0",
        "0-5@0-2@0-27@layers[1].kv-heads: must lie in 0-1, got 2"
            + "\\nlayers[1].kv-heads: must be as many as in the first layer (2), got 3",
      })
  void layersMustFit(String heads, String kvHeads, String neurons, String message) {
    assertThatThrownBy(() -> plan(heads, kvHeads, neurons).target(OLD))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message.replace("\\n", "\n"));
  }

  @Test
  void groupsMayChangePlacesWithTheirHeads() {
    assertThat(plan("5, 3, 4, 2, 0, 1", "1, 0", "0-27").target(OLD)).isEqualTo(OLD);
  }

  @Test
  void aTiedModelStaysTied() {
    ReshapePlan none = ReshapePlan.none(OLD);
    ReshapePlan untied = new ReshapePlan(none.channels(), none.layers(), false);
    assertThatThrownBy(() -> untied.target(OLD))
        .hasMessage("tied-embeddings: must be true, since the old model's are tied");
  }

  @Test
  void aHeadTakesUpOneOfItsGroupThatGoes() {
    for (HeadResidual wrong : List.of(new HeadResidual(1, 0), new HeadResidual(0, 3))) {
      assertThatThrownBy(() -> residual(wrong).target(OLD))
          .hasMessage(
              "layers[0].residuals: must add a head that goes away to one that stays in its group,"
                  + " got "
                  + wrong.pruned()
                  + " to "
                  + wrong.kept());
    }
    assertThat(residual(new HeadResidual(0, 1)).target(OLD).heads()).isEqualTo(4);
  }

  private static ReshapePlan residual(HeadResidual residual) {
    List<LayerOrigin> layers =
        ReshapePlan.none(OLD).layers().stream()
            .map(
                layer ->
                    new LayerOrigin(
                        layer.source(),
                        Indices.of(0, 2, 4, 5),
                        layer.kvHeads(),
                        layer.neurons(),
                        layer.source() == 0 ? List.of(residual) : List.of(),
                        false))
            .toList();
    return ReshapePlan.none(OLD).withLayers(layers);
  }

  @Test
  void layersMustBeTheOldOnesAndAtLeastOne() {
    assertThatThrownBy(() -> ReshapePlan.ofLayers(OLD, Indices.of(0, 3)).target(OLD))
        .hasMessage("layers[1]: must be one of the old layers 0-2, got 3");
    assertThatThrownBy(() -> ReshapePlan.ofLayers(OLD, Indices.of()).target(OLD))
        .hasMessage("layers: must name at least one");
  }
}
