package io.kanana.data.dedup;

import java.util.Arrays;

/** What the overlapping pieces are of that two documents are compared by. */
public enum Shingles {
  /** So many words in a row, split at spaces, with the spaces between them. */
  WORDS,
  /** So many characters (code points) in a row. */
  CHARACTERS;

  /**
   * The hashes of all shingles; none where the text is shorter than one.
   *
   * @param size words or characters of a shingle
   */
  long[] hashes(SimplifiedText text, int size, ShingleHash hash) {
    int[] units = this == WORDS ? words(text) : characters(text);
    int count = units.length - size; // the last unit is the end
    if (count <= 0) {
      return new long[0];
    }
    int gap = this == WORDS ? 1 : 0;
    int[] ends = new int[count];
    for (int i = 0; i < count; i++) {
      ends[i] = units[i + size] - gap;
    }
    return hash.of(text.bytes(), units, ends, count);
  }

  /** Where each word begins, and where one after the last would; none in an empty text. */
  private static int[] words(SimplifiedText text) {
    byte[] bytes = text.bytes();
    int to = text.to();
    if (text.from() == to) {
      return new int[0];
    }
    int[] starts = new int[(to - text.from()) / 4 + 4];
    int count = 0;
    starts[count++] = text.from();
    for (int i = text.from(); i < to; i++) {
      if (bytes[i] == ' ') {
        starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
        starts[count++] = i + 1;
      }
    }
    starts = Arrays.copyOf(starts, count + 1);
    starts[count] = to + 1;
    return starts;
  }

  /** Where each character begins, and the end. */
  private static int[] characters(SimplifiedText text) {
    byte[] bytes = text.bytes();
    int[] starts = new int[text.to() - text.from() + 1];
    int count = 0;
    for (int i = text.from(); i < text.to(); i++) {
      boolean continues = (bytes[i] & 0xC0) == 0x80;
      if (!continues) {
        starts[count++] = i;
      }
    }
    starts[count++] = text.to();
    return Arrays.copyOf(starts, count);
  }
}
