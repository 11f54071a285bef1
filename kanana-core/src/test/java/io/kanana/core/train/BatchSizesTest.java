package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizesTest {
  @Test
  void aRampRisesToTheFullBatchAndStays() {
    BatchSizes sizes = BatchSizes.ramp(2, 8, 4);
    assertThat(IntStream.range(0, 8).map(sizes::at)).containsExactly(2, 3, 5, 6, 8, 8, 8, 8);
    assertThat(IntStream.range(0, 8).mapToLong(sizes::before))
        .containsExactly(0L, 2L, 5L, 10L, 16L, 24L, 32L, 40L);
    assertThat(sizes.full()).isEqualTo(8);
  }

  @Test
  void stepsOfOneSizeAreARampThatIsOverAtOnce() {
    BatchSizes sizes = BatchSizes.constant(3);
    assertThat(IntStream.range(0, 3).map(sizes::at)).containsExactly(3, 3, 3);
    assertThat(sizes.before(1L << 40)).isEqualTo(3L << 40);
  }

  /**
   * What a length in tokens or epochs becomes: no fewer sequences than asked, by one step at most.
   */
  @Test
  void theFewestStepsThatTakeSoManySequences() {
    for (BatchSizes sizes :
        new BatchSizes[] {
          BatchSizes.constant(5), BatchSizes.ramp(1, 7, 9), BatchSizes.ramp(4, 4, 3)
        }) {
      for (double sequences = 0.25; sequences < 100; sequences += 0.25) {
        long steps = sizes.steps(sequences);
        assertThat(sizes.before(steps)).isGreaterThanOrEqualTo((long) Math.ceil(sequences));
        assertThat(steps == 1 || sizes.before(steps - 1) < sequences).isTrue();
      }
    }
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> BatchSizes.constant(0)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> BatchSizes.ramp(9, 8, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be in 1..8 sequences, got 9");
    assertThatThrownBy(() -> BatchSizes.ramp(0, 8, 1)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> BatchSizes.ramp(1, 8, 0)).isInstanceOf(ConfigException.class);
  }
}
