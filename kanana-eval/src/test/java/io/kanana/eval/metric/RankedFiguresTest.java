package io.kanana.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankedFiguresTest {
  private static Score score(String gold, String said) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    GenerationMetric.Answer answer =
        new GenerationMetric.Answer(nodes.objectNode(), List.of(gold), nodes.textNode(said));
    return new RankedFigures().score(answer).get(RankedFigures.NAME);
  }

  @ParameterizedTest
  @CsvSource({"2.6666666666666665,2.6666666666666665", "1e-05,0.00001", " -3 ,-3", "5.,5"})
  void numbersAreReadAsTheyAreWritten(String text, double value) {
    assertThat(score(text, "4")).isEqualTo(new Score.Figures(value, 4));
    assertThat(score("4", text)).isEqualTo(new Score.Figures(4, value));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> score("four", "4"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("got \"four\"");
    assertThatThrownBy(() -> score("4", "1e999"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("compares numbers, got \"1e999\"");
  }
}
