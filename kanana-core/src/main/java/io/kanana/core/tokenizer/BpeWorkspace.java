package io.kanana.core.tokenizer;

import java.util.Arrays;

/** The memory in which one thread at a time encodes pieces. */
final class BpeWorkspace {
  static final int LONGEST_WORD = 64;
  private static final int LARGEST_KEPT = 1 << 20;

  /** The ids of words of at most {@link #LONGEST_WORD} characters. */
  final WordCache cache = new WordCache(1 << 16, 1 << 20, 1 << 18);

  /** The symbols of the piece and how many UTF-8 bytes each stands for. */
  int[] ids = new int[64];

  int[] lengths = new int[64];
  int count;

  /** The piece in UTF-8. */
  byte[] bytes = new byte[256];

  int byteCount;

  private long[] pairs = new long[64];
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private final LongHeap heap = new LongHeap();
  private int pendingUnknown = -1;
  private int pendingLength;

  /** Whether it is worth keeping: a very long piece leaves large arrays behind. */
  boolean isSmall() {
    return bytes.length <= LARGEST_KEPT;
  }

  /** Writes a piece as UTF-8; it holds no lone surrogate. */
  void utf8(char[] text, int from, int to) {
    int longest = Math.multiplyExact(3, to - from);
    if (bytes.length < longest) {
      bytes = new byte[Math.max(longest, 2 * bytes.length)];
    }
    int n = 0;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c < 0x80) {
        bytes[n++] = (byte) c;
      } else if (c < 0x800) {
        bytes[n++] = (byte) (0xC0 | c >> 6);
        bytes[n++] = (byte) (0x80 | (c & 0x3F));
      } else if (Character.isHighSurrogate(c)) {
        n = supplementary(Character.toCodePoint(c, text[++i]), n);
      } else {
        bytes[n++] = (byte) (0xE0 | c >> 12);
        bytes[n++] = (byte) (0x80 | (c >> 6 & 0x3F));
        bytes[n++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    byteCount = n;
  }

  private int supplementary(int codePoint, int at) {
    bytes[at] = (byte) (0xF0 | codePoint >> 18);
    bytes[at + 1] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
    bytes[at + 2] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
    bytes[at + 3] = (byte) (0x80 | (codePoint & 0x3F));
    return at + 4;
  }

  /** The number of UTF-8 bytes of the character that begins with this unit. */
  static int utf8Length(char first) {
    return first < 0x80 ? 1 : first < 0x800 ? 2 : Character.isHighSurrogate(first) ? 4 : 3;
  }

  /** The piece is one token. */
  void single(int id) {
    ids[0] = id;
    lengths[0] = byteCount;
    count = 1;
  }

  void start() {
    count = 0;
    pendingUnknown = -1;
  }

  void append(int id, int length) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    ids[count] = id;
    lengths[count++] = length;
  }

  void known(int id, int length) {
    flushUnknown();
    append(id, length);
  }

  void unknown(int id, int length, boolean fuse) {
    if (fuse && pendingUnknown >= 0) {
      pendingLength += length;
      return;
    }
    flushUnknown();
    pendingUnknown = id;
    pendingLength = length;
  }

  void flushUnknown() {
    if (pendingUnknown >= 0) {
      append(pendingUnknown, pendingLength);
      pendingUnknown = -1;
    }
  }

  /** Merges by looking through all pairs for the best: quadratic, and fastest for words. */
  void mergeShort(MergeTable merges) {
    if (pairs.length < count) {
      pairs = new long[2 * count];
    }
    for (int i = 0; i + 1 < count; i++) {
      pairs[i] = merges.get(ids[i], ids[i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i + 1 < count; i++) {
        best = pairs[i] < pairs[best] ? i : best;
      }
      if (pairs[best] == MergeTable.NONE) {
        return;
      }
      mergeAt(best, merges);
    }
  }

  private void mergeAt(int i, MergeTable merges) {
    ids[i] = (int) pairs[i];
    lengths[i] += lengths[i + 1];
    int tail = count - i - 2;
    System.arraycopy(ids, i + 2, ids, i + 1, tail);
    System.arraycopy(lengths, i + 2, lengths, i + 1, tail);
    if (tail > 0) {
      System.arraycopy(pairs, i + 2, pairs, i + 1, tail - 1);
      pairs[i] = merges.get(ids[i], ids[i + 1]);
    }
    count--;
    if (i > 0) {
      pairs[i - 1] = merges.get(ids[i - 1], ids[i]);
    }
  }

  /** Merges with a linked list and a heap of pairs: n log n, for pieces of any length. */
  void mergeLong(MergeTable merges) {
    link();
    for (int i = 0; i + 1 < count; i++) {
      offer(i, merges);
    }
    while (!heap.isEmpty()) {
      int rank = (int) (heap.top() >>> 32);
      int left = (int) heap.pop();
      int right = next[left];
      if (lengths[left] == 0 || right >= count) {
        continue;
      }
      long merge = merges.get(ids[left], ids[right]);
      if (merge != MergeTable.NONE && (int) (merge >>> 32) == rank) {
        join(left, right, (int) merge, merges);
      }
    }
    compact();
  }

  private void link() {
    if (next.length < count) {
      next = new int[2 * count];
      previous = new int[2 * count];
    }
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
  }

  private void offer(int left, MergeTable merges) {
    long merge = merges.get(ids[left], ids[next[left]]);
    if (merge != MergeTable.NONE) {
      heap.push((merge & 0xFFFFFFFF_00000000L) | left);
    }
  }

  private void join(int left, int right, int merged, MergeTable merges) {
    ids[left] = merged;
    lengths[left] += lengths[right];
    lengths[right] = 0;
    next[left] = next[right];
    if (next[left] < count) {
      previous[next[left]] = left;
      offer(left, merges);
    }
    if (previous[left] >= 0) {
      offer(previous[left], merges);
    }
  }

  private void compact() {
    int n = 0;
    for (int i = 0; i < count; i = next[i]) {
      ids[n] = ids[i];
      lengths[n++] = lengths[i];
    }
    count = n;
  }
}
