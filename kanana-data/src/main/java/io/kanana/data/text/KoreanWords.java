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
 * inflected forms taken apart. The Hangul and Chinese of a space-separated word are analysed by
 * themselves, so that the outcome can be remembered; the words around would change it seldom. What
 * is neither is split by {@link KoreanPieces}.
 *
 * <p>Every morpheme is a span of the text. Where two have grown together into one syllable, as in 했
 * or 된, that syllable is in both spans. Runs of twenty digits and commas or more are left out, as
 * FineWeb-2 does.
 */
final class KoreanWords implements WordSplitter {
  private static final int LONGEST_NUMBER = 19;

  private static final char FIRST_SYLLABLE = '가';
  private static final char LAST_SYLLABLE = '힣';
  private static final char FIRST_JAMO = 'ㄱ';
  private static final char LAST_JAMO = 'ㆎ';
  private static final int FINALS = 28;
  private static final int BIEUP = 17;

  // what is kept of a morpheme in an int
  private static final int LENGTH = 0xFFFFFF;
  private static final int ENDS_IN_BIEUP = 1 << 24;
  private static final int BEGINS_WITH_JAMO = 1 << 25;

  private final WordSplitter words = new SpacedSplitter(this::piece);
  private final WordSplitter morphemes = new CachedSplitter(this::analyse);
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

  /** The morphemes that share the span {@code sharedFrom} to {@code sharedTo}. */
  private int[] parts = new int[8];

  private int shared;
  private int sharedFrom;
  private int sharedTo;

  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    words.split(chars, from, to, out);
  }

  private void piece(char[] chars, int from, int to, Spans out) {
    int at = from;
    while (at < to) {
      int number = endOfNumber(chars, at, to);
      int end = number - at > LONGEST_NUMBER ? number : KoreanPieces.end(chars, from, at, to);
      if (KoreanPieces.isAnalysed(chars[at])) {
        morphemes.split(chars, at, end, out);
      } else if (end != number || end - at <= LONGEST_NUMBER) {
        out.add(at, end);
      }
      at = end;
    }
  }

  private static int endOfNumber(char[] chars, int from, int to) {
    int at = from;
    while (at < to && (chars[at] == ',' || (chars[at] >= '0' && chars[at] <= '9'))) {
      at++;
    }
    return at;
  }

  private void analyse(char[] chars, int from, int to, Spans out) {
    try {
      tokenizer.setReader(reader.over(chars, from, to));
      tokenizer.reset();
      shared = 0;
      while (tokenizer.incrementToken()) {
        morpheme(chars, from, out);
      }
      flush(chars, out);
      tokenizer.end();
      tokenizer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void morpheme(char[] chars, int base, Spans out) {
    int from = base + offset.startOffset();
    int to = base + offset.endOffset();
    if (shared > 0 && (from != sharedFrom || to != sharedTo)) {
      flush(chars, out);
    }
    if (shared == parts.length) {
      parts = Arrays.copyOf(parts, 2 * shared);
    }
    sharedFrom = from;
    sharedTo = to;
    parts[shared++] = part(term.buffer(), term.length());
  }

  /** A morpheme's length, and what its first and last letters are. */
  private static int part(char[] letters, int length) {
    int softens = hasFinalBieup(letters[length - 1]) ? ENDS_IN_BIEUP : 0;
    int joins = letters[0] >= FIRST_JAMO && letters[0] <= LAST_JAMO ? BEGINS_WITH_JAMO : 0;
    return length | softens | joins;
  }

  private static boolean hasFinalBieup(char c) {
    return c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE && (c - FIRST_SYLLABLE) % FINALS == BIEUP;
  }

  /**
   * Morphemes that share a span get syllables of it: the first begins with it, the others are
   * counted from its end. So where two have grown together, the syllable at the seam is in both.
   */
  private void flush(char[] chars, Spans out) {
    int behind = 0;
    for (int i = 1; i < shared; i++) {
      behind += parts[i] & LENGTH;
    }
    int from = sharedFrom;
    for (int i = 0; i < shared; i++) {
      int next = Math.max(sharedTo - behind, sharedFrom);
      int to = i == shared - 1 ? sharedTo : Math.clamp(from + (parts[i] & LENGTH), from, sharedTo);
      to = i < shared - 1 ? Math.max(to, isGrown(chars, i, to) ? next + 1 : next) : to;
      out.add(from, Math.max(to, from + 1));
      from = Math.min(Math.max(next, from), sharedTo - 1);
      behind -= i < shared - 1 ? parts[i + 1] & LENGTH : 0;
    }
    shared = 0;
  }

  /** Whether the next begins inside a syllable, or this one's final ㅂ has become its vowel. */
  private boolean isGrown(char[] chars, int morpheme, int to) {
    return (parts[morpheme + 1] & BEGINS_WITH_JAMO) != 0
        || ((parts[morpheme] & ENDS_IN_BIEUP) != 0 && !hasFinalBieup(chars[to - 1]));
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
