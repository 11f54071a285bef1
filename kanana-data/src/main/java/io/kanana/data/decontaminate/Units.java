package io.kanana.data.decontaminate;

import io.kanana.core.random.RandomKey;
import java.text.Normalizer;

/**
 * A text as the units that n-grams are made of, each as two independent hashes of 64 bits. Units
 * are letters and digits in lower case and composed form (NFC); everything else separates words and
 * is left out, so that neither punctuation nor lines nor spaces hide what was copied.
 *
 * <p>Hashes of n-grams come from those of all beginnings of the text, so that each costs the same
 * however long it is.
 */
final class Units {
  private static final long FIRST_BASE = 0x9E3779B97F4A7C15L;
  private static final long SECOND_BASE = 0xC2B2AE3D27D4EB4FL;

  /** Hashes of beginnings: the entry at {@code i} is that of the first {@code i} units. */
  private final long[] first;

  private final long[] second;
  private final int count;

  private Units(long[] first, long[] second, int count) {
    this.first = first;
    this.second = second;
    this.count = count;
  }

  static Units of(String text, Unit unit) {
    String composed =
        Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
    return new Reading(composed.length()).read(composed, unit);
  }

  int count() {
    return count;
  }

  /** The first hash of the n-gram of {@code length} units from {@code start}. */
  long first(int start, int length, long power) {
    return RandomKey.mix(first[start + length] - first[start] * power + length);
  }

  /** The second hash. */
  long second(int start, int length) {
    long power = power(SECOND_BASE, length);
    return RandomKey.mix(second[start + length] - second[start] * power - length);
  }

  /** What {@link #first(int, int, long)} needs for n-grams of that length. */
  static long firstPower(int length) {
    return power(FIRST_BASE, length);
  }

  private static long power(long base, int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }

  private static final class Reading {
    private final long[] first;
    private final long[] second;
    private int count;

    Reading(int most) {
      first = new long[most + 1];
      second = new long[most + 1];
    }

    Units read(String text, Unit unit) {
      long word = 0;
      int at = 0;
      while (at < text.length()) {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (!Character.isLetterOrDigit(c)) {
          word = add(word);
        } else {
          word = RandomKey.mix(word * FIRST_BASE + Character.toLowerCase(c) + 1);
          word = unit == Unit.CHARACTER ? add(word) : word;
        }
      }
      add(word);
      return new Units(first, second, count);
    }

    /** Ends a unit where there is one; no hash is 0 but that of nothing. */
    private long add(long unit) {
      if (unit != 0) {
        first[count + 1] = first[count] * FIRST_BASE + unit;
        second[count + 1] = second[count] * SECOND_BASE + RandomKey.mix(unit ^ SECOND_BASE);
        count++;
      }
      return 0;
    }
  }
}
