package io.kanana.data.filter.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StepScoreTest {
  private static SortedMap<String, SortedMap<String, Long>> table(
      Map<String, Map<String, Long>> cells) {
    SortedMap<String, SortedMap<String, Long>> table = new TreeMap<>();
    cells.forEach((key, row) -> table.put(key, new TreeMap<>(row)));
    return table;
  }

  @Test
  void countsWhatAStepShouldFind() {
    Trace trace =
        new Trace(
            table(
                Map.of(
                    Trace.NO_LABEL,
                    Map.of("a", 2L, Trace.KEPT, 90L),
                    "x",
                    Map.of("a", 6L, "b", 1L, Trace.KEPT, 3L),
                    "b",
                    Map.of("b", 4L, Trace.KEPT, 5L),
                    "b,x",
                    Map.of("a", 2L))),
            table(Map.of("b", Map.of("b", 5L), Trace.NO_LABEL, Map.of("b", 1L))));
    List<StepScore> scores = StepScore.of(trace, List.of("a", "b", "c"), Map.of("x", "a"));
    assertThat(scores)
        .containsExactly(
            new StepScore("a", 12, 8, 1, 10, 2),
            new StepScore("b", 11, 9, 2, 11, 1),
            new StepScore("c", 0, 0, 0, 0, 0));
    assertThat(scores.getFirst().recall()).isEqualTo(8.0 / 12);
    assertThat(scores.getFirst().precision()).isEqualTo(0.8);
    assertThat(scores.getLast().recall()).isNaN();
    assertThat(scores.getLast().precision()).isNaN();
  }
}
