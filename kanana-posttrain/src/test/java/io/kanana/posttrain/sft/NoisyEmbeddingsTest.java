package io.kanana.posttrain.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.random.RandomKey;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.TokenBatch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoisyEmbeddingsTest {
  private static final int TIME = 10;
  private static final int CHANNELS = 64;
  private static final double ALPHA = 5;

  /** Two texts, of 8 and of 2 tokens. */
  private static final int[] STARTS = {0, 0, 0, 0, 0, 0, 0, 0, 8, 8};

  private final NoisyEmbeddings noisy =
      new NoisyEmbeddings(new NextToken(new NextToken.Config(0)), ALPHA, RandomKey.of(7));

  private static TokenBatch rows(int rows) {
    int size = rows * TIME;
    int[] starts = new int[size];
    Arrays.setAll(starts, i -> STARTS[i % TIME]);
    return new TokenBatch(rows, TIME, new int[size], new int[size], new int[size], starts, 0);
  }

  @Test
  void theNoiseOfATextGoesByItsLength() {
    float[] noise = noisy.noise(rows(50), 0, CHANNELS);
    assertUniform(noise, 0, 8, ALPHA / Math.sqrt(8 * CHANNELS));
    assertUniform(noise, 8, 10, ALPHA / Math.sqrt(2 * CHANNELS));
  }

  private static void assertUniform(float[] noise, int from, int to, double bound) {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int i = 0; i < noise.length; i++) {
      int position = i / CHANNELS % TIME;
      if (position >= from && position < to) {
        assertThat(Math.abs(noise[i])).isLessThanOrEqualTo((float) bound);
        sum += noise[i] / bound;
        squares += noise[i] / bound * (noise[i] / bound);
        count++;
      }
    }
    assertThat(sum / count).isCloseTo(0, within(0.03));
    assertThat(squares / count).isCloseTo(1.0 / 3, within(0.02));
  }

  @Test
  void theNoiseOfASequenceIsItsOwn() {
    float[] together = noisy.noise(rows(3), 4, CHANNELS);
    float[] second = noisy.noise(rows(1), 5, CHANNELS);
    assertThat(second)
        .isEqualTo(Arrays.copyOfRange(together, TIME * CHANNELS, 2 * TIME * CHANNELS))
        .isNotEqualTo(Arrays.copyOf(together, TIME * CHANNELS));
  }
}
