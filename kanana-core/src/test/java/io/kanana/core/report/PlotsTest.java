package io.kanana.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlotsTest {
  private static final String AXIS = "한글 & <all>";

  @BeforeEach
  void needsFonts() {
    assumeTrue(Plots.canDraw(), "there are no fonts here");
  }

  /** Pixels of marks: no shade of grey, as ground, axes and letters are. */
  private static long coloured(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels)
        .mapToObj(Color::new)
        .filter(c -> Math.abs(c.getRed() - c.getBlue()) > 50)
        .count();
  }

  private static byte[] places(Double... values) {
    List<String> names = List.of("a", "b", "c").subList(0, values.length);
    return Plots.places(AXIS, names, Map.of("values", List.of(values)));
  }

  /** The legend has one mark more; marks are of one size, and all values may be the same. */
  @Test
  void everyValueHasAMark() throws IOException {
    double mark = coloured(places(1.0, 2.0, 3.0)) / 4.0;
    assertThat((double) coloured(places(2.0))).isCloseTo(2 * mark, withPercentage(20));
    assertThat((double) coloured(places(0.0, 0.0))).isCloseTo(3 * mark, withPercentage(20));
  }

  @Test
  void everyPointHasAMark() throws IOException {
    Plots.Point point = new Plots.Point(3e9, 1.5);
    Plots.Point other = new Plots.Point(4e9, 2);
    double mark = coloured(Plots.points("x", AXIS, List.of(point, other))) / 2.0;
    assertThat(mark).isPositive();
    assertThat((double) coloured(Plots.points("x", AXIS, List.of(point, point))))
        .isCloseTo(mark, withPercentage(20));
  }
}
