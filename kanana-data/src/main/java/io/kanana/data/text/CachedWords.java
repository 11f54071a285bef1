package io.kanana.data.text;

import io.kanana.core.tokenizer.TextHash;

/** Splits at white space, and each piece by a rule whose results are remembered. */
final class CachedWords {
  /** Splits a piece without white space, as a function of nothing else. */
  interface Pieces {
    void split(char[] chars, int from, int to, Spans out);
  }

  private final SpanCache cache = new SpanCache();
  private final Pieces pieces;

  CachedWords(Pieces pieces) {
    this.pieces = pieces;
  }

  void split(char[] chars, int from, int to, Spans out) {
    int at = Characters.skipSpaces(chars, from, to);
    while (at < to) {
      int end = at + 1;
      while (end < to && !Characters.isSpace(chars[end])) {
        end++;
      }
      piece(chars, at, end, out);
      at = Characters.skipSpaces(chars, end, to);
    }
  }

  private void piece(char[] chars, int from, int to, Spans out) {
    if (to - from > SpanCache.LONGEST) {
      pieces.split(chars, from, to, out);
      return;
    }
    long hash = TextHash.of(chars, from, to);
    int known = cache.find(chars, from, to, hash);
    if (known >= 0) {
      cache.copy(known, from, out);
      return;
    }
    int first = out.count();
    pieces.split(chars, from, to, out);
    cache.put(chars, from, to, hash, out, first);
  }
}
