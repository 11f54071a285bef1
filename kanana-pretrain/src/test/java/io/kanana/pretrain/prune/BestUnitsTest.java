package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.random.RandomKey;
import io.kanana.pretrain.reshape.HeadResidual;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.LayerOrigin;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.SmallModels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BestUnitsTest {
  private static ModelConfig heads(int heads, int kvHeads) {
    return SmallModels.shape(2, 16, heads, kvHeads, 4, 12, true);
  }

  private static AxisScores scores(Axis axis, LayerAggregation across, double[]... rows) {
    return new AxisScores(axis, across, rows);
  }

  /** Section 12 of the report: 32 to 24, and 24 to 16, with 8 groups: one head of each group. */
  @ParameterizedTest
  @CsvSource({"32, 24", "24, 16"})
  void everyGroupLosesAsManyHeads(int before, int after) {
    ModelConfig old = heads(before, 8);
    double[] chance = IntStream.range(0, before).mapToDouble(RandomKey.of(1)::uniform).toArray();
    ReshapePlan plan =
        new BestUnits(old, heads(after, 8), BestUnits.Options.USUAL)
            .plan(
                new ImportanceScores(
                    List.of(scores(Axis.HEADS, LayerAggregation.SUM, chance, chance))));
    int group = before / 8;
    for (LayerOrigin layer : plan.layers()) {
      for (int g = 0; g < 8; g++) {
        int worst = g * group;
        for (int head = g * group; head < (g + 1) * group; head++) {
          worst = chance[head] < chance[worst] ? head : worst;
        }
        for (int head = g * group; head < (g + 1) * group; head++) {
          assertThat(layer.heads().contains(head)).isEqualTo(head != worst);
        }
      }
    }
    assertThat(plan.target(old).heads()).isEqualTo(after);
  }

  @Test
  void layersRankTheirOwnUnitsWhereTheirScoresAreNotBroughtTogether() {
    ModelConfig old = SmallModels.shape(2, 16, 2, 2, 4, 3, true);
    ModelConfig target = SmallModels.shape(2, 16, 2, 2, 4, 1, true);
    double[] first = {1, 5, 2};
    double[] second = {6, 1, 1};
    assertThat(neurons(old, target, LayerAggregation.NONE, first, second))
        .containsExactly(Indices.of(1), Indices.of(0));
    assertThat(neurons(old, target, LayerAggregation.SUM, first, second))
        .containsExactly(Indices.of(0), Indices.of(0));
  }

  private static List<Indices> neurons(
      ModelConfig old, ModelConfig target, LayerAggregation across, double[]... rows) {
    return new BestUnits(old, target, BestUnits.Options.USUAL)
        .plan(new ImportanceScores(List.of(scores(Axis.NEURONS, across, rows)))).layers().stream()
            .map(LayerOrigin::neurons)
            .toList();
  }

  @Test
  void layersThatStayKeepTheirOrderAndOfEqualsTheFirstStays() {
    ModelConfig old = SmallModels.shape(5, 16, 2, 2, 4, 12, true);
    ReshapePlan plan =
        new BestUnits(old, SmallModels.shape(3, 16, 2, 2, 4, 12, true), BestUnits.Options.USUAL)
            .plan(
                new ImportanceScores(
                    List.of(
                        scores(Axis.LAYERS, LayerAggregation.SUM, new double[] {1, 0, 2, 1, 2}))));
    assertThat(plan.sources()).isEqualTo(Indices.of(0, 2, 4));
  }

  @Test
  void groupsGoWithAllTheirHeads() {
    ModelConfig old = heads(6, 3);
    ReshapePlan plan =
        new BestUnits(old, heads(2, 2), BestUnits.Options.USUAL)
            .plan(
                new ImportanceScores(
                    List.of(
                        scores(Axis.KV_HEADS, LayerAggregation.SUM, new double[] {3, 1, 2}),
                        scores(
                            Axis.HEADS, LayerAggregation.SUM, new double[] {1, 2, 9, 9, 4, 3}))));
    assertThat(plan.layers().getFirst().kvHeads()).isEqualTo(Indices.of(0, 2));
    assertThat(plan.layers().getFirst().heads()).isEqualTo(Indices.of(1, 4));
  }

  /** A control: without the rule two heads of the first group stay, and one loses its keys. */
  @Test
  void mixedGroupsKeepTheBestHeadsWhereverTheyAre() {
    ModelConfig old = heads(4, 2);
    ImportanceScores scores =
        new ImportanceScores(
            List.of(scores(Axis.HEADS, LayerAggregation.SUM, new double[] {9, 8, 1, 2})));
    BestUnits.Options mixed = new BestUnits.Options(BestUnits.Order.INDEX, false, true);
    ReshapePlan plan = new BestUnits(old, heads(2, 2), mixed).plan(scores);
    assertThat(plan.layers().getFirst().heads()).isEqualTo(Indices.of(0, 1));
    assertThat(plan.target(old)).isEqualTo(heads(2, 2));
    ReshapePlan ruled = new BestUnits(old, heads(2, 2), BestUnits.Options.USUAL).plan(scores);
    assertThat(ruled.layers().getFirst().heads()).isEqualTo(Indices.of(0, 3));
    assertThatThrownBy(() -> new BestUnits.Options(BestUnits.Order.INDEX, true, true))
        .hasMessageContaining("must not both be true");
    OptionalInt as = OptionalInt.empty();
    assertThatThrownBy(
            () ->
                new TargetShape.Config(
                    as, as, as, as, as, Optional.empty(), BestUnits.Order.INDEX, false, true))
        .hasMessageContaining("must not be true without heads, of which some are to go");
  }

  @Test
  void sortedModelsBeginWithTheBest() {
    ModelConfig old = SmallModels.shape(1, 3, 4, 2, 4, 3, true);
    ReshapePlan plan =
        new BestUnits(old, old, new BestUnits.Options(BestUnits.Order.IMPORTANCE, false, false))
            .plan(
                new ImportanceScores(
                    List.of(
                        scores(Axis.CHANNELS, LayerAggregation.SUM, new double[] {1, 3, 2}),
                        scores(Axis.NEURONS, LayerAggregation.SUM, new double[] {2, 1, 3}),
                        scores(Axis.KV_HEADS, LayerAggregation.SUM, new double[] {1, 2}),
                        scores(Axis.HEADS, LayerAggregation.SUM, new double[] {4, 5, 2, 1}))));
    LayerOrigin layer = plan.layers().getFirst();
    assertThat(plan.channels()).isEqualTo(Indices.of(1, 2, 0));
    assertThat(layer.neurons()).isEqualTo(Indices.of(2, 0, 1));
    assertThat(layer.kvHeads()).isEqualTo(Indices.of(1, 0));
    assertThat(layer.heads()).isEqualTo(Indices.of(2, 3, 1, 0));
    assertThat(plan.target(old)).isEqualTo(old);
  }

  /** Of ranks 1 to 5 with 3 that stay: the third takes up the fourth, the second the fifth. */
  @Test
  void headsThatStayTakeUpTheNextInRank() {
    ModelConfig old = heads(5, 1);
    double[] ranks = {2, 5, 1, 4, 3};
    ReshapePlan plan =
        new BestUnits(old, heads(3, 1), new BestUnits.Options(BestUnits.Order.INDEX, true, false))
            .plan(
                new ImportanceScores(
                    List.of(scores(Axis.HEADS, LayerAggregation.SUM, ranks, ranks))));
    LayerOrigin layer = plan.layers().getFirst();
    assertThat(layer.heads()).isEqualTo(Indices.of(1, 3, 4));
    assertThat(layer.residuals()).containsExactly(new HeadResidual(4, 0), new HeadResidual(3, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "3@16@4@2@12@layers: must be at most the parent's 2, got 3",
        "2@17@4@2@12@hidden-size: must be at most the parent's 16, got 17",
        "2@16@4@2@13@ffn-size: must be at most the parent's 12, got 13",
        "2@16@4@1@12@heads: must leave at most the 2 heads that each kv head has, got 4"
      })
  void nothingGrows(int layers, int hidden, int heads, int kvHeads, int ffn, String message) {
    ModelConfig old = heads(4, 2);
    ModelConfig target = SmallModels.shape(layers, hidden, heads, kvHeads, 4, ffn, true);
    assertThatThrownBy(() -> new BestUnits(old, target, BestUnits.Options.USUAL))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void scoresMustBeThereAndOfThisModel() {
    BestUnits best = new BestUnits(heads(4, 2), heads(2, 2), BestUnits.Options.USUAL);
    assertThat(best.axes()).containsExactly(Axis.HEADS);
    assertThatThrownBy(() -> best.plan(new ImportanceScores(List.of())))
        .hasMessage("importance: no estimator scores heads, of which some are to go; add one");
    AxisScores others = scores(Axis.HEADS, LayerAggregation.SUM, new double[] {1, 2});
    assertThatThrownBy(() -> best.plan(new ImportanceScores(List.of(others))))
        .hasMessageStartingWith("importance: 2 heads are scored, but the model has 4");
  }
}
