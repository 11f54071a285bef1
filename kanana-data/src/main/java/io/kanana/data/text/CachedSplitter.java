package io.kanana.data.text;

import io.kanana.core.tokenizer.TextHash;

/**
 * Remembers what another splitter found in short spans, as a function of their characters alone.
 * Once as many are known as are to be, those not asked for since half of them came are forgotten.
 */
final class CachedSplitter implements WordSplitter {
  private final WordSplitter splitter;
  private SpanCache young;
  private SpanCache old;

  CachedSplitter(WordSplitter splitter) {
    this(splitter, SpanCache.WORDS);
  }

  /**
   * @param half how many spans are known at least, and up to twice as many
   */
  CachedSplitter(WordSplitter splitter, int half) {
    this.splitter = splitter;
    this.young = new SpanCache(half);
    this.old = new SpanCache(half);
  }

  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    if (to - from > SpanCache.LONGEST) {
      splitter.split(chars, from, to, out);
      return;
    }
    long hash = TextHash.of(chars, from, to);
    int known = young.find(chars, from, to, hash);
    if (known >= 0) {
      young.copy(known, from, out);
      return;
    }
    int first = out.count();
    int before = old.find(chars, from, to, hash);
    if (before >= 0) {
      old.copy(before, from, out);
    } else {
      splitter.split(chars, from, to, out);
    }
    remember(chars, from, to, hash, out, first);
  }

  private void remember(char[] chars, int from, int to, long hash, Spans out, int first) {
    if (!young.hasRoom(to - from, out.count() - first)) {
      SpanCache emptied = old;
      old = young;
      young = emptied;
      young.clear();
    }
    young.put(chars, from, to, hash, out, first);
  }
}
