package io.kanana.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final List<List<String>> ROWS =
      List.of(List.of("name", "n"), List.of("a", "10"), List.of("longer", "7"));

  @Test
  void textsStandToTheLeftAndNumbersToTheRight() {
    assertThat(new Table(1, ROWS).lines())
        .containsExactly("name     n", "a       10", "longer   7");
    assertThat(new Table(2, ROWS).lines()).containsExactly("name    n", "a       10", "longer  7");
  }

  @Test
  void markdownSaysTheSame() {
    assertThat(new Table(1, ROWS).markdown())
        .containsExactly("| name | n |", "|---|---:|", "| a | 10 |", "| longer | 7 |");
  }
}
