package io.kanana.data.text;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ko.KoreanTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * {@link WordRule#KOREAN}: morphemes by Lucene's nori with the dictionary it brings, compounds and
 * inflected forms taken apart. Each space-separated word is analysed by itself, so that the outcome
 * can be remembered; the words around it would change it seldom.
 *
 * <p>Every morpheme is a span of the text. Where two have grown together into one syllable, as in 했
 * or 된, that syllable is in both spans. Runs of twenty digits and commas or more are left out, as
 * FineWeb-2 does.
 */
final class KoreanWords implements WordSplitter {
  private static final int LONGEST_NUMBER = 19;

  private final CachedWords cached = new CachedWords(this::piece);
  private final KoreanTokenizer tokenizer =
      new KoreanTokenizer(
          TokenStream.DEFAULT_TOKEN_ATTRIBUTE_FACTORY,
          null,
          KoreanTokenizer.DecompoundMode.DISCARD,
          false,
          false);
  private final CharTermAttribute term = tokenizer.addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = tokenizer.addAttribute(OffsetAttribute.class);
  private final Piece reader = new Piece();

  /** How long the morphemes are that share the span {@code sharedFrom} to {@code sharedTo}. */
  private int[] lengths = new int[8];

  private int shared;
  private int sharedFrom;
  private int sharedTo;

  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    cached.split(chars, from, to, out);
  }

  private void piece(char[] chars, int from, int to, Spans out) {
    int start = from;
    int at = from;
    while (at < to) {
      int end = endOfNumber(chars, at, to);
      if (end - at > LONGEST_NUMBER) {
        analyse(chars, start, at, out);
        start = end;
      }
      at = Math.max(end, at + 1);
    }
    analyse(chars, start, to, out);
  }

  private static int endOfNumber(char[] chars, int from, int to) {
    int at = from;
    while (at < to && (chars[at] == ',' || (chars[at] >= '0' && chars[at] <= '9'))) {
      at++;
    }
    return at;
  }

  private void analyse(char[] chars, int from, int to, Spans out) {
    if (from == to) {
      return;
    }
    try {
      tokenizer.setReader(reader.over(chars, from, to));
      tokenizer.reset();
      shared = 0;
      while (tokenizer.incrementToken()) {
        morpheme(from, out);
      }
      flush(out);
      tokenizer.end();
      tokenizer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void morpheme(int base, Spans out) {
    int from = base + offset.startOffset();
    int to = base + offset.endOffset();
    if (shared > 0 && (from != sharedFrom || to != sharedTo)) {
      flush(out);
    }
    if (shared == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * shared);
    }
    sharedFrom = from;
    sharedTo = to;
    lengths[shared++] = term.length();
  }

  /**
   * Morphemes that share a span get their own syllables of it, counted from its end; where it has
   * fewer than they do, the one at the seam belongs to both sides.
   */
  private void flush(Spans out) {
    int from = sharedFrom;
    for (int i = 0; i < shared; i++) {
      int behind = 0;
      for (int j = i + 1; j < shared; j++) {
        behind += lengths[j];
      }
      int to = Math.max(sharedTo - behind, from + 1);
      to = i == shared - 1 ? sharedTo : Math.min(to, sharedTo);
      out.add(from, to);
      from = Math.min(Math.max(sharedTo - behind, from), sharedTo - 1);
    }
    shared = 0;
  }

  /** Reads a span of characters. */
  private static final class Piece extends Reader {
    private char[] chars = {};
    private int at;
    private int to;

    Piece over(char[] source, int from, int end) {
      chars = source;
      at = from;
      to = end;
      return this;
    }

    @Override
    public int read(char[] target, int offset, int length) {
      if (at == to) {
        return -1;
      }
      int count = Math.min(length, to - at);
      System.arraycopy(chars, at, target, offset, count);
      at += count;
      return count;
    }

    @Override
    public void close() {}
  }
}
