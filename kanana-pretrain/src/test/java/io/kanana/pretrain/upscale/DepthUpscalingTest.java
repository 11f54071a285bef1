package io.kanana.pretrain.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.SmallModels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthUpscalingTest {
  private static final ModelConfig EIGHT_BILLION =
      new ModelConfig(
          32,
          4_096,
          32,
          8,
          128,
          14_336,
          128_256,
          8_192,
          1e-5,
          new RopeConfig(500_000, new RopeScaling.None()),
          false);

  /** Section 12 of the report. */
  @ParameterizedTest
  @CsvSource({"8, 48, '0-23, 8-31'", "12, 40, '0-19, 12-31'"})
  void solarsRuleOfThirtyTwoLayers(int drop, int layers, String sources) {
    Indices stacked = DepthUpscaling.solar(32, drop);
    assertThat(stacked).hasToString(sources);
    assertThat(DepthUpscaling.stacked(EIGHT_BILLION, stacked).target(EIGHT_BILLION).layers())
        .isEqualTo(layers);
  }

  @Test
  void fortyLayersOfTheEightBillionAreTheReportsEssence() {
    ReshapePlan plan = DepthUpscaling.stacked(EIGHT_BILLION, DepthUpscaling.solar(32, 12));
    assertThat(plan.target(EIGHT_BILLION).parameterCount()).isEqualTo(9_775_157_248L);
  }

  @ParameterizedTest
  @CsvSource({"32, 16", "3, 2", "4, -1"})
  void whatWouldNotBeDeeperIsRefused(int layers, int drop) {
    assertThatThrownBy(() -> DepthUpscaling.solar(layers, drop))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "solar: must be from 0 and below half of the " + layers + " layers, got " + drop);
  }

  @ParameterizedTest
  @CsvSource({
    "'0-2, 0-2', '3-5'",
    "'1-2, 0-2', '0-1'",
    "'0, 0, 1, 1, 2, 2', '1, 3, 5'",
    "'0-1, 1-2', '2'"
  })
  void oneOfEachLayerStaysAndTheOthersAreSilent(String sources, String silent) {
    ModelConfig shape = SmallModels.grouped(true);
    ReshapePlan plan = DepthUpscaling.identity(shape, Indices.parse(sources));
    assertThat(plan.silent()).hasToString(silent);
    assertThat(plan.sources()).hasToString(Indices.parse(sources).toString());
  }

  @Test
  void layersThatLackOneCannotBeAnIdentity() {
    ModelConfig shape = SmallModels.grouped(true);
    assertThatThrownBy(() -> DepthUpscaling.identity(shape, Indices.parse("0, 2, 1")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "identity: must be false for layers 0, 2, 1, which do not contain the parent's 3 in"
                + " their order; layer 2 is missing where it would come");
  }

  @Test
  void rangesAreStackedOneOnTheOther() {
    LayerRule rule =
        new LayerRule(
            OptionalInt.empty(), Optional.of(List.of("0-1", "0", "2, 1")), Optional.empty());
    assertThat(rule.plan(SmallModels.grouped(true), false).sources()).hasToString("0-1, 0, 2, 1");
    assertThatThrownBy(
            () ->
                new LayerRule(
                    OptionalInt.empty(), Optional.of(List.of("0-1", "2-0")), Optional.empty()))
        .hasMessage("ranges[1]: must be ranges that rise, got \"2-0\"");
    LayerRule outside =
        new LayerRule(OptionalInt.empty(), Optional.of(List.of("0-3")), Optional.empty());
    assertThatThrownBy(() -> outside.plan(SmallModels.grouped(true), false))
        .hasMessage("layers.ranges: must lie in the parent's 0-2, got 0-3");
  }
}
