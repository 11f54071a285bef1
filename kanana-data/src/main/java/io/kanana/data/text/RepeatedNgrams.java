package io.kanana.data.text;

/**
 * How much of a text its repeated runs of n words are, for growing n. Runs are told apart by a
 * polynomial hash that grows with them, and compared in full where hashes meet, so the counts are
 * exact. Buffers are used again: a document costs no garbage. For one thread.
 */
public final class RepeatedNgrams {
  private static final long BASE = 0x9FB21C651E98DF25L;

  private final StampedTable table = new StampedTable();

  /** All words one after another. */
  private char[] chars = new char[1024];

  /** Where words begin in it, in UTF-16 units; one more for the end. */
  private int[] starts = new int[257];

  /** The same in code points. */
  private int[] points = new int[257];

  /** The number of the first word that is the same. */
  private int[] ids = new int[256];

  private long[] wordHashes = new long[256];

  /** The base to the power of a word's length. */
  private long[] powers = new long[256];

  /** Hashes of the runs of n words that begin at each word. */
  private long[] runs = new long[256];

  private int[] counts = new int[256];
  private int words;
  private int n;

  /** Begins with the words of a text and n = 1. */
  public RepeatedNgrams begin(Words source) {
    words = source.count();
    n = 1;
    grow(source);
    table.begin(words);
    for (int i = 0; i < words; i++) {
      append(source, i);
      runs[i] = wordHashes[i];
      ids[i] = i;
    }
    for (int i = 0; i < words; i++) {
      int slot = findSequence(i);
      if (table.at(slot) >= 0) {
        ids[i] = table.at(slot);
      } else {
        table.put(slot, i);
      }
    }
    return this;
  }

  private void grow(Words source) {
    if (words > ids.length) {
      int size = Math.max(words, 2 * ids.length);
      starts = new int[size + 1];
      points = new int[size + 1];
      ids = new int[size];
      wordHashes = new long[size];
      powers = new long[size];
      runs = new long[size];
      counts = new int[size];
    }
    long needed = 0;
    for (int i = 0; i < words; i++) {
      needed += source.to(i) - source.from(i);
    }
    if (needed > chars.length) {
      chars = new char[Math.toIntExact(Math.max(needed, 2L * chars.length))];
    }
  }

  private void append(Words source, int word) {
    int from = source.from(word);
    int length = source.to(word) - from;
    System.arraycopy(source.chars(), from, chars, starts[word], length);
    starts[word + 1] = starts[word] + length;
    points[word + 1] = points[word] + source.codePoints(word);
    long hash = 0;
    long power = 1;
    for (int i = starts[word]; i < starts[word + 1]; i++) {
      hash = hash * BASE + chars[i] + 1;
      power *= BASE;
    }
    wordHashes[word] = hash;
    powers[word] = power;
  }

  /** Goes on to a longer n. */
  private void extendTo(int length) {
    if (length < n) {
      throw new IllegalArgumentException("n grows: " + length + " after " + n);
    }
    for (; n < length; n++) {
      for (int i = 0; i + n < words; i++) {
        runs[i] = runs[i] * powers[i + n] + wordHashes[i + n];
      }
    }
  }

  /**
   * The code points of all occurrences of the most frequent run of {@code length} words, with a
   * space between two words; of several, the one that occurs first. 0 where the text is shorter.
   *
   * @param length at least that of the call before
   */
  public long top(int length) {
    extendTo(length);
    table.begin(words);
    int most = 0;
    int first = -1;
    for (int i = 0; i + n <= words; i++) {
      int slot = findSequence(i);
      int place = table.at(slot);
      if (place < 0) {
        table.put(slot, i);
        counts[i] = 1;
        place = i;
      } else {
        counts[place]++;
      }
      if (counts[place] > most || (counts[place] == most && place < first)) {
        most = counts[place];
        first = place;
      }
    }
    return first < 0 ? 0 : (long) most * (points[first + n] - points[first] + n - 1);
  }

  /** The slot of the first run of the same words, or the empty one where it belongs. */
  private int findSequence(int word) {
    int slot = table.slot(runs[word]);
    for (int other = table.at(slot); other >= 0; other = table.at(slot)) {
      if (runs[other] == runs[word] && isSameSequence(other, word)) {
        return slot;
      }
      slot = table.next(slot);
    }
    return slot;
  }

  private boolean isSameSequence(int one, int other) {
    if (n == 1) {
      return isSameText(one, other);
    }
    for (int i = 0; i < n; i++) {
      if (ids[one + i] != ids[other + i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isSameText(int one, int other) {
    int from = starts[one];
    int length = starts[one + n] - from;
    int otherFrom = starts[other];
    if (starts[other + n] - otherFrom != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (chars[from + i] != chars[otherFrom + i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The code points of all runs of {@code length} words whose characters, joined without spaces,
   * were there before. After such a run the search goes on behind it.
   *
   * @param length at least that of the call before
   */
  public long duplicates(int length) {
    extendTo(length);
    table.begin(words);
    long characters = 0;
    int at = 0;
    while (at + n <= words) {
      int slot = findText(at);
      if (table.at(slot) >= 0) {
        characters += points[at + n] - points[at];
        at += n;
      } else {
        table.put(slot, at);
        at++;
      }
    }
    return characters;
  }

  private int findText(int word) {
    int slot = table.slot(runs[word]);
    for (int other = table.at(slot); other >= 0; other = table.at(slot)) {
      if (runs[other] == runs[word] && isSameText(other, word)) {
        return slot;
      }
      slot = table.next(slot);
    }
    return slot;
  }
}
