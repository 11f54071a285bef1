package io.kanana.core.tokenizer;

import io.kanana.core.error.DataException;
import java.util.Arrays;

/**
 * Characters on their way to tokens, and where each came from in the caller's text: {@code
 * starts[i]} and {@code ends[i]} are the code-point range that UTF-16 unit {@code i} stands for.
 * Without alignment both arrays are null, which saves them where nobody asks for offsets.
 */
@SuppressWarnings("ArrayRecordComponent") // internal and never compared
record Text(char[] chars, int[] starts, int[] ends) {

  /** The longest decomposition of a character has 18 of them. */
  private static final long MOST_GROWTH = 18;

  private static final long SPARE_CHARACTERS = 1 << 16;

  /** How long a text of some length may become: a hostile normalizer knows no bounds. */
  static long longest(int length) {
    return MOST_GROWTH * length + SPARE_CHARACTERS;
  }

  static DataException tooLong(int length) {
    return new DataException(
        "the tokenizer's normalizer makes a text of "
            + length
            + " characters longer than "
            + longest(length)
            + "; use another tokenizer");
  }

  /** The caller's text, with every lone surrogate replaced by U+FFFD. */
  static Text of(String text, boolean aligned) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (Character.isHighSurrogate(chars[i])
            && i + 1 < chars.length
            && Character.isLowSurrogate(chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\uFFFD';
        }
      }
    }
    return aligned ? align(chars) : new Text(chars, null, null);
  }

  private static Text align(char[] chars) {
    int[] starts = new int[chars.length];
    int[] ends = new int[chars.length];
    int codePoint = -1;
    for (int i = 0; i < chars.length; i++) {
      if (!Character.isLowSurrogate(chars[i])) {
        codePoint++;
      }
      starts[i] = codePoint;
      ends[i] = codePoint + 1;
    }
    return new Text(chars, starts, ends);
  }

  boolean aligned() {
    return starts != null;
  }

  String substring(int from, int to) {
    return new String(chars, from, to - from);
  }

  /** This range as a text of its own. */
  Text slice(int from, int to) {
    if (from == 0 && to == chars.length) {
      return this;
    }
    char[] part = Arrays.copyOfRange(chars, from, to);
    return aligned()
        ? new Text(part, Arrays.copyOfRange(starts, from, to), Arrays.copyOfRange(ends, from, to))
        : new Text(part, null, null);
  }

  /** This range with a string before it, which stands for what the first code point stands for. */
  Text prepended(String prefix, int from, int to) {
    Builder builder = new Builder(to - from + prefix.length(), aligned());
    builder.append(prefix, this, from);
    builder.append(this, from, to);
    return builder.build();
  }

  /** Collects the characters of a changed text with their origins. */
  static final class Builder {
    private final boolean aligned;
    private final int expected;
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int size;

    Builder(int capacity, boolean aligned) {
      this.aligned = aligned;
      this.expected = capacity;
      chars = new char[capacity];
      starts = new int[aligned ? capacity : 0];
      ends = new int[aligned ? capacity : 0];
    }

    /** Appends a range as it is. */
    void append(Text source, int from, int to) {
      reserve(to - from);
      System.arraycopy(source.chars, from, chars, size, to - from);
      if (aligned) {
        System.arraycopy(source.starts, from, starts, size, to - from);
        System.arraycopy(source.ends, from, ends, size, to - from);
      }
      size += to - from;
    }

    /** Appends other characters that stand for what one unit of the source stands for. */
    void append(String replacement, Text source, int origin) {
      reserve(replacement.length());
      for (int i = 0; i < replacement.length(); i++) {
        chars[size] = replacement.charAt(i);
        if (aligned) {
          starts[size] = source.starts[origin];
          ends[size] = source.ends[origin];
        }
        size++;
      }
    }

    private void reserve(int more) {
      if (chars.length - size < more) {
        if (size + (long) more > longest(expected)) {
          throw tooLong(expected);
        }
        int capacity = Math.max(size + more, size + (size >> 1) + 16);
        chars = Arrays.copyOf(chars, capacity);
        if (aligned) {
          starts = Arrays.copyOf(starts, capacity);
          ends = Arrays.copyOf(ends, capacity);
        }
      }
    }

    Text build() {
      char[] exact = Arrays.copyOf(chars, size);
      return aligned
          ? new Text(exact, Arrays.copyOf(starts, size), Arrays.copyOf(ends, size))
          : new Text(exact, null, null);
    }
  }
}
