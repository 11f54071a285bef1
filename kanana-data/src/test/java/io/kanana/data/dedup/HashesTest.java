package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashesTest {
  /** Values of the reference program. */
  @ParameterizedTest
  @CsvSource({
    "'', EF46DB3751D8E999",
    "a, D24EC4F1A98C6E5B",
    "abc, 44BC2CF5AD770999",
    "The quick brown fox jumps over the lazy dog, 0B242D361FDA71BC"
  })
  void xxHashIsThatOfItsReference(String text, String expected) {
    byte[] padded = ("??" + text + "!").getBytes(StandardCharsets.UTF_8);
    assertThat(XxHash64.of(padded, 2, padded.length - 1))
        .isEqualTo(Long.parseUnsignedLong(expected, 16));
  }

  /** Lengths around each border of a block, in groups of unequal lengths. */
  @Test
  void lanesOfSha1AgreeWithThePlatform() {
    int count = 300;
    int[] starts = new int[count];
    int[] ends = new int[count];
    byte[] bytes = new byte[2 * count];
    RandomKey key = RandomKey.of(3);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) key.bits(i);
    }
    for (int i = 0; i < count; i++) {
      starts[i] = i % 7;
      ends[i] = starts[i] + (i * 89) % 260;
    }
    assertThat(Sha1Lanes.hashes(bytes, starts, ends, count))
        .isEqualTo(ShingleHash.obviousSha1(bytes, starts, ends, count));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 17, 112, 127, 260})
  void vectorsOfPermutationsAgreeWithDivision(int count) {
    Permutations permutations = new Permutations(count, 1);
    RandomKey key = RandomKey.of(count);
    long[] hashes = new long[50];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = i < 4 ? i - 2 : key.bits(i);
    }
    for (int n = 1; n <= hashes.length; n++) {
      assertThat(permutations.minima(hashes, n)).isEqualTo(permutations.obviousMinima(hashes, n));
    }
  }

  /** Where one is the prime and the other a multiple of it, both are 0. */
  @Test
  void theModulusIsWhole() {
    Permutations permutations = new Permutations(5, 9);
    long[] hashes = new long[1];
    for (int k = 0; k < permutations.count(); k++) {
      for (int multiple = 0; multiple < 8; multiple++) {
        hashes[0] =
            inverse(permutations.factor(k))
                * (multiple * Permutations.PRIME - permutations.term(k));
        boolean odd = (permutations.factor(k) & 1) == 1;
        if (odd) {
          assertThat(permutations.minima(hashes, 1)[k]).isZero();
        }
      }
    }
  }

  /** Of an odd number, modulo 2^64, by Newton's iteration. */
  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
