package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimplifiedTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'  One, two;\tTHREE '|one two three",
        "1,234,567 and 3.14|0 0 and 0",
        "Café Ünï|cafe uni",
        "값 12.5kg|\u1100\u1161\u11b9 0kg",
        "１２ ٣٫٤|0 0",
        "ΟΔΟΣ Σ|οδος σ",
        "a \u0301 b|a  b",
        "\u0301 a|a",
        "x\u302E\u1BAAy|x\u1BAA\u302Ey",
        "🙂 𠀀 𝟗|🙂 𠀀 0",
        "...|''"
      })
  void simplifies(String text, String expected) {
    assertThat(Simplification.of(text)).isEqualTo(expected);
    assertThat(SimplifiedText.of(text)).hasToString(expected);
  }

  @Test
  void everyCharacterAgreesWithTheObviousVersion() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (Character.isBmpCodePoint(c) ? !Character.isSurrogate((char) c) : Character.isDefined(c)) {
        String character = Character.toString(c);
        agrees(character);
        agrees("a1" + character + "1 " + character + character + " b" + character);
      }
    }
  }

  @Test
  void mixturesAgreeWithTheObviousVersion() {
    List<String> parts =
        List.of(
            " ", "  ", "\n", "1", "23", ".", ",", "\u066B", "4,5", "A", "b", "Σ", "É", "가", "값",
            "힣", "\u0301", "\u302E", "🙂", "𝟗", "１", "!", "\u2396", "\u0085", "\u001C", "İ", "ß",
            "\u1BAA", "漢");
    for (int i = 0; i < 20_000; i++) {
      RandomKey key = RandomKey.of(7).child(i);
      StringBuilder text = new StringBuilder();
      for (int p = 0; p < 1 + i % 40; p++) {
        text.append(parts.get(key.below(p, parts.size())));
      }
      agrees(text.toString());
    }
  }

  private static void agrees(String text) {
    String expected = Simplification.of(text);
    String found = SimplifiedText.of(text).toString();
    if (!found.equals(expected)) {
      assertThat(found).as("simplified %s", escaped(text)).isEqualTo(expected);
    }
  }

  private static String escaped(String text) {
    return text.codePoints()
        .mapToObj(Integer::toHexString)
        .reduce("", (all, next) -> all + " " + next);
  }
}
