package io.kanana.data.classify;

/**
 * Turns a text into rows of the input matrix, in fastText's order: for each token its own row and
 * those of its character n-grams, then the word n-grams. A line break within the text is a blank;
 * its end is the token {@code </s>}. Immutable.
 */
final class Featurizer {
  private static final long NEXT_WORD = 116_049_371;

  private final Vocabulary vocabulary;
  private final Buckets buckets;
  private final int wordNgrams;
  private final int minSubword;
  private final int maxSubword;

  Featurizer(LinearModel model) {
    this(
        model.vocabulary(),
        model.buckets(),
        model.wordNgrams(),
        model.minSubword(),
        model.maxSubword());
  }

  Featurizer(
      Vocabulary vocabulary, Buckets buckets, int wordNgrams, int minSubword, int maxSubword) {
    this.vocabulary = vocabulary;
    this.buckets = buckets;
    this.wordNgrams = wordNgrams;
    this.minSubword = minSubword;
    this.maxSubword = maxSubword;
  }

  /**
   * Reads a text of UTF-8.
   *
   * @param whole words that are not taken apart, by their number; null for none
   */
  void read(byte[] text, boolean[] whole, Features features) {
    features.clear();
    int at = TokenHash.tokenStart(text, 0, text.length);
    boolean ended = false;
    while (at < text.length && !ended) {
      int end = TokenHash.tokenEnd(text, at, text.length);
      ended = token(text, at, end, whole, features);
      at = TokenHash.tokenStart(text, end, text.length);
    }
    if (!ended) {
      token(TokenHash.END_OF_TEXT, 0, TokenHash.END_OF_TEXT.length, whole, features);
    }
    if (wordNgrams > 1) {
      addWordNgrams(features);
    }
  }

  /** Whether this token ends the text. */
  private boolean token(byte[] text, int from, int to, boolean[] whole, Features features) {
    int hash = TokenHash.of(text, from, to);
    int id = vocabulary.find(text, from, to, hash);
    boolean isLabel = id < 0 ? TokenHash.isLabel(text, from, to) : id >= vocabulary.words();
    boolean isEnd = TokenHash.isEndOfText(text, from, to);
    if (isLabel) {
      return isEnd;
    }
    features.addHash(hash);
    if (id >= 0 && whole != null && whole[id]) {
      features.addWholeWord(id);
      return isEnd;
    }
    features.add(id);
    if (!isEnd) {
      addSubwords(text, from, to, features);
    }
    return isEnd;
  }

  /** The character n-grams of a token between angle brackets, which alone are none. */
  void addSubwords(byte[] text, int from, int to, Features features) {
    if (maxSubword == 0) {
      return;
    }
    byte[] word = features.marked(text, from, to);
    int length = to - from + 2;
    for (int start = 0; start < length; start++) {
      if (isContinuation(word[start])) {
        continue;
      }
      int hash = TokenHash.EMPTY;
      int at = start;
      for (int characters = 1; characters <= maxSubword && at < length; characters++) {
        do {
          hash = TokenHash.add(hash, word[at++]);
        } while (at < length && isContinuation(word[at]));
        boolean bracket = characters == 1 && (start == 0 || at == length);
        if (characters >= minSubword && !bracket) {
          features.add(buckets.ofHash(hash));
        }
      }
    }
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private void addWordNgrams(Features features) {
    int[] hashes = features.hashes();
    int count = features.hashCount();
    for (int first = 0; first < count; first++) {
      long hash = hashes[first];
      int end = Math.min(count, first + wordNgrams);
      for (int next = first + 1; next < end; next++) {
        hash = hash * NEXT_WORD + hashes[next];
        features.add(buckets.ofHash(hash));
      }
    }
  }
}
