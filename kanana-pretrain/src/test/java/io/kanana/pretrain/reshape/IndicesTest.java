package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndicesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {"''@''", "0@0", "0-3@0-3", "0-3, 7@0-3,7", "5, 4, 3@5,4 , 3", "1-2, 1-2@1-2,1,2"})
  void areWrittenAsRunsThatRise(String text, String given) {
    assertThat(Indices.parse(given)).hasToString(text);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (int i = 0; i < 200; i++) {
      RandomKey key = RandomKey.of(i);
      int[] values = IntStream.range(0, key.below(0, 12)).map(j -> key.below(j + 1, 9)).toArray();
      Indices indices = Indices.of(values);
      assertThat(Indices.parse(indices.toString())).isEqualTo(indices);
      assertThat(indices.toArray()).isEqualTo(values);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "3-1@must be ranges that rise, got \"3-1\"",
        "a@must be numbers and ranges such as \"0-3, 7\", got \"a\"",
        "1,,2@must be numbers and ranges such as \"0-3, 7\", got \"\"",
        "-1@must be numbers and ranges such as \"0-3, 7\", got \"-1\"",
        "12345678901@must be numbers and ranges such as \"0-3, 7\", got \"12345678901\"",
        "0-999999999@must be at most 16777216 numbers"
      })
  void otherTextsAreRefused(String text, String message) {
    assertThatThrownBy(() -> Indices.parse(text)).hasMessage(message);
  }

  @Test
  void knowWhatIsTwiceOrOutside() {
    Indices indices = Indices.of(3, 1, 3, 9);
    assertThat(indices.firstRepeated()).isEqualTo(3);
    assertThat(indices.firstOutside(9)).isEqualTo(9);
    assertThat(indices.firstOutside(10)).isEqualTo(-1);
    assertThat(indices.positionOf(1)).isOne();
    assertThat(Indices.all(4).firstRepeated()).isEqualTo(-1);
    assertThatThrownBy(() -> Indices.of(1, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
