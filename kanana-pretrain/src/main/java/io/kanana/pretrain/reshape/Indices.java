package io.kanana.pretrain.reshape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Numbers of units in an order that counts, such as those a plan keeps. As text, runs that rise by
 * one are written as ranges: {@code 0-3, 7, 5}. Immutable.
 */
public final class Indices {
  private static final Pattern RUN = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

  /** More than any axis has, so that a range cannot ask for all memory. */
  private static final int MOST = 1 << 24;

  private final int[] values;

  private Indices(int[] values) {
    this.values = values;
  }

  /**
   * @throws IllegalArgumentException if one is negative
   */
  public static Indices of(int... values) {
    if (Arrays.stream(values).anyMatch(value -> value < 0)) {
      throw new IllegalArgumentException("must not be negative: " + Arrays.toString(values));
    }
    return new Indices(values.clone());
  }

  public static Indices of(Collection<Integer> values) {
    return of(values.stream().mapToInt(Integer::intValue).toArray());
  }

  /** {@code from}, ..., {@code to - 1}. */
  public static Indices range(int from, int to) {
    return new Indices(IntStream.range(from, to).toArray());
  }

  /** The first {@code count} ones: a whole axis as it is. */
  public static Indices all(int count) {
    return range(0, count);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static Indices parse(String text) {
    List<int[]> runs = new ArrayList<>();
    long count = 0;
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int[] run = run(part.strip());
      count += run[1] - run[0] + 1;
      if (count > MOST) {
        throw new IllegalArgumentException("must be at most " + MOST + " numbers");
      }
      runs.add(run);
    }
    return new Indices(
        runs.stream().flatMapToInt(run -> IntStream.rangeClosed(run[0], run[1])).toArray());
  }

  private static int[] run(String part) {
    Matcher run = RUN.matcher(part);
    if (!run.matches()) {
      throw new IllegalArgumentException(
          "must be numbers and ranges such as \"0-3, 7\", got \"" + part + "\"");
    }
    int first = Integer.parseInt(run.group(1));
    int last = run.group(2) == null ? first : Integer.parseInt(run.group(2));
    if (last < first) {
      throw new IllegalArgumentException("must be ranges that rise, got \"" + part + "\"");
    }
    return new int[] {first, last};
  }

  public int size() {
    return values.length;
  }

  public int get(int position) {
    return values[position];
  }

  public IntStream stream() {
    return Arrays.stream(values);
  }

  /** A copy. */
  public int[] toArray() {
    return values.clone();
  }

  /** Those from one position up to another (exclusive). */
  public Indices slice(int from, int to) {
    return new Indices(Arrays.copyOfRange(values, from, to));
  }

  public boolean contains(int value) {
    return positionOf(value) >= 0;
  }

  /** Where a number stands; -1 where it does not. */
  public int positionOf(int value) {
    return IntStream.range(0, values.length).filter(i -> values[i] == value).findFirst().orElse(-1);
  }

  /** Whether these are 0, 1, ..., count - 1 in this order. */
  public boolean isAll(int count) {
    return equals(all(count));
  }

  /** The first number that stands here twice; -1 where there is none. */
  public int firstRepeated() {
    BitSet seen = new BitSet();
    for (int value : values) {
      if (seen.get(value)) {
        return value;
      }
      seen.set(value);
    }
    return -1;
  }

  /** The first number outside 0 ... count - 1; -1 where there is none. */
  public int firstOutside(int count) {
    return stream().filter(value -> value >= count).findFirst().orElse(-1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indices indices && Arrays.equals(values, indices.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int start = 0;
    while (start < values.length) {
      int end = start;
      while (end + 1 < values.length && values[end + 1] == values[end] + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ", ").append(values[start]);
      if (end > start) {
        text.append('-').append(values[end]);
      }
      start = end + 1;
    }
    return text.toString();
  }
}
