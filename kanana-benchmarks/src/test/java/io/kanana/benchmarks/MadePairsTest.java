package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.posttrain.preference.PairTokens;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MadePairsTest {
  private static final BenchmarkShape SHAPE = BenchmarkShape.of("13m");

  @Test
  void theyFillTheRowsAndNoMore() {
    MadePairs made = MadePairs.filling(SHAPE);
    assertThat(made.batches().epochLength()).isEqualTo(SHAPE.batch());
    assertThat(made.tokens()).isBetween(SHAPE.tokens() * 9 / 10, SHAPE.tokens());
  }

  @Test
  void bothAnswersAreToTheSamePrompt() {
    List<PairTokens> pairs = MadePairs.filling(SHAPE).pairs();
    for (PairTokens pair : pairs) {
      int prompt = pair.chosen().answered();
      assertThat(prompt).isBetween(256 / 64, 256 / 16);
      assertThat(pair.chosen().answerLength()).isBetween(256 / 64, 256 / 8);
      assertThat(Arrays.copyOf(pair.chosen().ids(), prompt))
          .isEqualTo(Arrays.copyOf(pair.rejected().ids(), prompt));
      assertThat(pair.chosen().ids()).isNotEqualTo(pair.rejected().ids());
    }
    assertThat(pairs.stream().map(pair -> pair.chosen().length()).distinct().count())
        .isGreaterThan(5);
  }
}
