package io.kanana.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlotsTest {
  private static final Plots.Labels LABELS = new Plots.Labels("한글 & <all>", "x", "y");

  @BeforeEach
  void needsFonts() {
    assumeTrue(Plots.canDraw(), "there are no fonts here");
  }

  private static long colours(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(720);
    return java.util.Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }

  @Test
  void drawsEverySeries() throws IOException {
    List<String> names = List.of("one", "two");
    byte[] one = Plots.places(LABELS, names, Map.of("a", List.of(1.0, 2.0)));
    byte[] both =
        Plots.places(LABELS, names, Map.of("a", List.of(1.0, 2.0), "b", List.of(1.5, 1.7)));
    assertThat(colours(both)).isGreaterThan(colours(one));
  }

  @Test
  void whatIsAllTheSameCanBeDrawn() throws IOException {
    assertThat(colours(Plots.places(LABELS, List.of("one"), Map.of("a", List.of(2.0)))))
        .isPositive();
    Plots.Point point = new Plots.Point(3e9, 1.5);
    assertThat(colours(Plots.points(LABELS, Map.of("a", List.of(point, point))))).isPositive();
  }
}
