package io.kanana.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvenSampleTest {
  private static List<String> sample(long wanted, int texts, int bytes) {
    EvenSample sample = new EvenSample(wanted);
    for (int i = 0; i < texts; i++) {
      String text = Integer.toString(i);
      sample.offer("x".repeat(bytes - text.length()) + text, bytes);
    }
    return sample.texts();
  }

  private static int number(String text) {
    return Integer.parseInt(text.replace("x", ""));
  }

  @Test
  void aShortStreamIsKeptWhole() {
    assertThat(sample(100, 20, 10)).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 100, 1_000, 12_345, 1 << 16})
  void aLongOneIsKeptEvenly(int texts) {
    List<String> kept = sample(100, texts, 10);
    assertThat(kept).hasSizeBetween(10, 20);
    List<Integer> numbers = kept.stream().map(EvenSampleTest::number).toList();
    int stride = numbers.get(1);
    assertThat(Integer.bitCount(stride)).isOne();
    assertThat(numbers)
        .isEqualTo(IntStream.range(0, kept.size()).mapToObj(i -> i * stride).toList());
    assertThat(numbers.getLast() + stride).isGreaterThanOrEqualTo(texts);
  }

  @Test
  void textsOfUnequalLengthAreCountedInBytes() {
    EvenSample sample = new EvenSample(300);
    for (int i = 0; i < 1_000; i++) {
      sample.offer("글".repeat(1 + i % 7), 3L * (1 + i % 7));
    }
    long bytes = sample.texts().stream().mapToLong(text -> 3L * text.length()).sum();
    assertThat(bytes).isBetween(250L, 650L);
  }
}
