package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Forms read by hand are those of the patterns. */
class FormsTest {
  private static final List<String> ENGLISH =
      List.of(
          "a(n) ", "A(n) ", "(n) ", "a(n)", "owl", "fox", "a", "Z", "7", "_", " ", ". ", "! ", "? ",
          ": ", ".\" ", "!\" ", "\"", ".", "\n", "\r\n", "\u2028", "감자", "é", "(", "😀");
  private static final List<String> KOREAN =
      List.of(
          "감자", "귤", "물", "7", "10", "Moru", "ng", "l", "\"", "(", ")", "이", "\n", " ", "야", "m");

  private static String text(List<String> pieces, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  @Test
  void englishFormsAreThoseOfThePatterns() {
    Random random = new Random(5);
    for (int n = 0; n < 50_000; n++) {
      String text = text(ENGLISH, random);
      assertThat(EnglishForms.resolve(text)).isEqualTo(FormsByPattern.english(text));
    }
  }

  @Test
  void particlesAreThoseOfThePattern() {
    List<String> pieces = new ArrayList<>(KOREAN);
    pieces.addAll(FormsByPattern.PARTICLES);
    Random random = new Random(6);
    for (int n = 0; n < 50_000; n++) {
      String text = text(pieces, random);
      assertThat(Particles.resolve(text)).isEqualTo(FormsByPattern.korean(text));
    }
  }
}
