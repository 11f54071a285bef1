package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetSearchTest {
  /** The 2.1B of the report. */
  private static final ModelConfig NANO =
      new ModelConfig(
          32,
          1_792,
          24,
          8,
          128,
          8_064,
          128_256,
          8_192,
          1e-5,
          new RopeConfig(500_000, new RopeScaling.None()),
          true);

  private static PruningStrategy search(Budget budget, double atLeast, int most) {
    BudgetSearch.Sizes sizes =
        new BudgetSearch.Sizes(
            List.of(),
            List.of(1_280, 1_536, 1_792),
            List.of(24, 16, 8),
            List.of(),
            List.of(),
            List.of(3.0, 3.5, 4.0, 4.5));
    return new BudgetSearch.Config(
            budget, atLeast, sizes, Optional.empty(), most, new LossTrial(), false)
        .create();
  }

  private static Budget nonEmbedding(long parameters) {
    return new Budget(OptionalLong.empty(), OptionalLong.of(parameters), Optional.empty());
  }

  /** Table 16 of the report: the ranges that it states contain every shape that it tried. */
  @Test
  void findsTheShapesOfTheReportsSearch() {
    List<ModelConfig> found = search(nonEmbedding(1_130_000_000), 0.823, 100).candidates(NANO);
    assertThat(found)
        .extracting(shape -> shape.hiddenSize() + "/" + shape.ffnSize() + "/" + shape.heads())
        .contains(
            "1280/5120/24",
            "1280/5760/16",
            "1280/5760/24",
            "1536/4608/16",
            "1536/4608/24",
            "1536/5376/8",
            "1536/5376/16",
            "1536/6144/8")
        .doesNotHaveDuplicates();
    assertThat(found)
        .allSatisfy(
            shape ->
                assertThat(shape.nonEmbeddingParameterCount())
                    .isBetween(930_000_000L, 1_130_000_000L));
  }

  @Test
  void triesTheLargestOnes() {
    List<ModelConfig> all = search(nonEmbedding(1_130_000_000), 0.5, 100).candidates(NANO);
    List<ModelConfig> some = search(nonEmbedding(1_130_000_000), 0.5, 3).candidates(NANO);
    assertThat(some).isEqualTo(all.subList(0, 3));
    assertThat(all)
        .extracting(ModelConfig::nonEmbeddingParameterCount)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void asksForScoresOfWhateverMayGo() {
    assertThat(search(nonEmbedding(1_130_000_000), 0.823, 100).axes(NANO))
        .containsExactlyInAnyOrder(Axis.CHANNELS, Axis.HEADS, Axis.NEURONS);
  }

  @Test
  void saysWhatItCouldHaveWhereNothingFits() {
    assertThatThrownBy(() -> search(nonEmbedding(1_000_000), 0.9, 20).candidates(NANO))
        .hasMessageStartingWith(
            "sizes: must have a combination that takes from 900000 to 1000000; these take from ");
  }

  @Test
  void memoryCountsWeightsAndCache() {
    Budget.Memory memory = new Budget.Memory(7_000_000_000L, 4, 8_192, Budget.Width.BF16);
    Budget budget = new Budget(OptionalLong.empty(), OptionalLong.empty(), Optional.of(memory));
    long cache = 2L * 32 * 8 * 128 * 4 * 8_192;
    assertThat(budget.of(NANO)).isEqualTo(2 * (NANO.parameterCount() + cache));
    assertThat(budget.limit()).isEqualTo(7_000_000_000L);
    assertThat(search(budget, 0.8, 100).candidates(NANO))
        .isNotEmpty()
        .allSatisfy(
            shape -> assertThat(budget.of(shape)).isBetween(5_600_000_000L, 7_000_000_000L));
  }
}
