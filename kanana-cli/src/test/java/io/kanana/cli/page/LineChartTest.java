package io.kanana.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.cli.page.LineChart.Point;
import io.kanana.cli.page.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineChartTest {
  private static String drawn(Series... series) {
    StringBuilder page = new StringBuilder();
    new LineChart("loss", "step", List.of(series)).appendTo(page);
    return page.toString();
  }

  private static Series line(double... values) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      points.add(new Point(i, values[i]));
    }
    return new Series("training", points);
  }

  /** Values within a factor of five stand on a linear axis, wider ones on a logarithmic one. */
  @Test
  void theMiddleOfAnAxisIsWhereItShouldBe() {
    assertThat(drawn(line(1, 2, 3))).contains("points=\"48.0,174.0 200.0,91.0 352.0,8.0 \"");
    assertThat(drawn(line(1, 10, 100))).contains("points=\"48.0,174.0 200.0,91.0 352.0,8.0 \"");
  }

  @Test
  void ticksAreRound() {
    String linear = drawn(line(0.4, 1.9));
    assertThat(linear).contains(">0.5<", ">1<", ">1.5<").doesNotContain(">0.4<");
    String logarithmic = drawn(line(0.03, 6));
    assertThat(logarithmic).contains(">0.05<", ">0.1<", ">0.2<", ">5<").doesNotContain(">0.03<");
    assertThat(drawn(line(0.001, 5000)))
        .contains(">0.01<", ">100<", ">1,000<")
        .doesNotContain(">2<");
  }

  @Test
  void manyPointsAreMeansOfNeighbours() {
    double[] values = new double[960];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4;
    }
    String chart = drawn(line(values));
    assertThat(chart.chars().filter(c -> c == ',').count()).isLessThan(260);
    assertThat(chart).doesNotContain("<circle").doesNotContain("NaN");
  }

  @Test
  void onePointAndEqualPointsAreDrawn() {
    assertThat(drawn(line(2))).contains("<circle").doesNotContain("NaN");
    assertThat(drawn(line(0, 0, 0))).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(drawn(line(0.9, Math.nextDown(0.9)))).doesNotContain("NaN");
  }

  @Test
  void namesStayText() {
    String chart = drawn(new Series("<b>", List.of(new Point(1, 1))));
    assertThat(chart).contains("&lt;b&gt;").doesNotContain("<b>");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "NaN,NaN",
    "Infinity,Infinity",
    "0.1234,0.123",
    "1.5,1.5",
    "-12.34,-12.3",
    "1234.4,'1,234'",
    "2500000,2.5e6",
    "1.2e15,1.2e15",
    "0.00004,4e-5"
  })
  void numbersAreShort(double value, String text) {
    assertThat(LineChart.number(value)).isEqualTo(text);
  }
}
