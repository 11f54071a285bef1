package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.eval.execute.Verdict.Outcome;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PassAtKTest {
  @TestFactory
  @Tag("golden")
  Stream<DynamicTest> estimates() {
    JsonNode cases =
        Golden.json(Golden.folder("eval").resolve("metrics.json")).at("/pass_at_k/cases");
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c))));
  }

  private static void check(JsonNode c) {
    assertThat(PassAtK.of(c.get("n").asInt(), c.get("c").asInt(), c.get("k").asInt()))
        .isCloseTo(c.get("value").asDouble(), within(1e-12));
  }

  /** Drawing k of n without looking, over all ways to draw. */
  @Test
  void theEstimateIsTheChanceOfADraw() {
    for (int n = 1; n <= 8; n++) {
      for (int c = 0; c <= n; c++) {
        for (int k = 1; k <= n; k++) {
          int right = 0;
          int all = 0;
          for (int draw = 0; draw < 1 << n; draw++) {
            if (Integer.bitCount(draw) == k) {
              all++;
              right += (draw & ((1 << c) - 1)) != 0 ? 1 : 0;
            }
          }
          assertThat(PassAtK.of(n, c, k)).isCloseTo((double) right / all, within(1e-14));
        }
      }
    }
  }

  @Test
  void theMeanOverProblems() {
    Verdict right = new Verdict(Outcome.PASSED, "");
    Verdict wrong = new Verdict(Outcome.FAILED, "no");
    assertThat(PassAtK.of(List.of(List.of(right, wrong), List.of(wrong, wrong)), 1))
        .isEqualTo(0.25);
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> PassAtK.of(3, 4, 1)).hasMessageContaining("4 of them");
    assertThatThrownBy(() -> PassAtK.of(3, 1, 4)).hasMessageContaining("pass@4 of 3");
    assertThatThrownBy(() -> PassAtK.of(3, 1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
