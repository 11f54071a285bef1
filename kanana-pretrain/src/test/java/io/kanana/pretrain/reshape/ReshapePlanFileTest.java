package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.random.RandomKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReshapePlanFileTest {
  private static final ModelConfig OLD = SmallModels.grouped(false);
  private static final Provenance.Parent PARENT = new Provenance.Parent("0f3c", "runs/a/model");

  /** A plan that uses everything there is: repeated, silent and different layers, other orders. */
  private static ReshapePlan everything() {
    List<LayerOrigin> layers =
        List.of(
            layer(2, "0, 2, 5, 4", "1", List.of(new HeadResidual(0, 1))),
            layer(0, "1-2, 3-4", "1", List.of()),
            layer(2, "0, 2, 5, 4", "1", List.of(new HeadResidual(0, 1))).silenced());
    return new ReshapePlan(Indices.of(5, 3, 4), layers, true);
  }

  private static LayerOrigin layer(
      int source, String heads, String neurons, List<HeadResidual> residuals) {
    return new LayerOrigin(
        source, Indices.parse(heads), Indices.all(2), Indices.parse(neurons), residuals, false);
  }

  @Test
  void readsBackTheSamePlan() {
    String text = ReshapePlanFile.text(PARENT, OLD, everything());
    assertThat(ReshapePlanFile.parse(text, "plan.yaml", OLD)).isEqualTo(everything());
    assertThat(text)
        .contains("layers: 2, 0, 2\n", "silent: \"2\"\n", "channels: 5, 3-4\n")
        .contains("- layers: 0, 2\n  kept: 0, 2, 5, 4\n- layers: \"1\"\n  kept: 1-4\n")
        .contains("residuals:\n- layers: 0, 2\n  pairs: 1>0\n");
  }

  /** No plan says so but those of a control. */
  @Test
  void mixedGroupsAreSaidToBeSo() {
    String text = ReshapePlanFile.text(PARENT, OLD, everything());
    assertThat(text).doesNotContain("mixed-groups");
    List<LayerOrigin> layers = List.of(layer(0, "3, 0", "1", List.of()));
    ReshapePlan mixed = new ReshapePlan(Indices.of(5), layers, true, true);
    String said = ReshapePlanFile.text(PARENT, OLD, mixed);
    assertThat(ReshapePlanFile.parse(said, "p", OLD)).isEqualTo(mixed);
    assertThatThrownBy(
            () -> ReshapePlanFile.parse(said.replace("mixed-groups: true\n", ""), "p", OLD))
        .hasMessage("p: layers[0].heads: must have heads 0-2 of kv head 0 at position 0, got 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "version: 1@version: 2@p: version: must be 1, got 2",
        "hidden-size: 20@hidden-size: 24@p: parent-shape.hidden-size: is 24, but the model has 20",
        "kept: 0, 2, 5, 4@kept: 0, 2, x@p: heads[0].kept: must be numbers and ranges",
        "- layers: \"1\"\\n  kept: 1-4@- layers: 1-2\\n  kept: 1-4"
            + "@p: heads[1].layers: must not name layer 2, which has an entry already",
        "- layers: 0, 2\\n  kept: 0, 2, 5, 4\\n@''@p: heads: must have an entry for every layer; there"
            + " is none for 0",
        "pairs: 1>0@pairs: 1-0@p: residuals[0].pairs: must be pairs such as",
        "silent: \"2\"@silent: \"3\"@p: silent: must be positions of layers, got 3",
        "channels: 5, 3-4@channels: 5, 20@p: channels: must lie in 0-19, got 20",
        "channels: 5, 3-4@channel: 5@p: channel: unknown key",
      })
  void whatIsWrongIsToldByItsPlace(String before, String after, String message) {
    String text = ReshapePlanFile.text(PARENT, OLD, everything());
    String edited = text.replace(before.replace("\\n", "\n"), after.replace("\\n", "\n"));
    assertThat(edited).isNotEqualTo(text);
    assertThatThrownBy(() -> ReshapePlanFile.parse(edited, "p", OLD))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  /** An 8B pruned layer by layer: more than three million characters, still read. */
  @Test
  void aPlanOfAModelOfBillionsIsRead() {
    ModelConfig large = SmallModels.shape(64, 64, 8, 8, 8, 28_672, true);
    List<LayerOrigin> layers =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    new LayerOrigin(
                        i, Indices.all(8), Indices.all(8), half(i, 28_672), List.of(), false))
            .toList();
    ReshapePlan plan = new ReshapePlan(Indices.all(64), layers, true);
    String text = ReshapePlanFile.text(PARENT, large, plan);
    assertThat(text.length()).isGreaterThan(3_200_000);
    assertThat(ReshapePlanFile.parse(text, "plan.yaml", large)).isEqualTo(plan);
  }

  /** Half of the units by chance, in order. */
  private static Indices half(int layer, int units) {
    RandomKey key = RandomKey.of(layer);
    return Indices.of(
        IntStream.range(0, units)
            .boxed()
            .sorted((a, b) -> Long.compare(key.bits(a), key.bits(b)))
            .limit(units / 2)
            .sorted()
            .toList());
  }
}
