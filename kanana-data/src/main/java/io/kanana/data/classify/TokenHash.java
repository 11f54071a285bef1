package io.kanana.data.classify;

import java.nio.charset.StandardCharsets;

/** Where tokens end in UTF-8 text, and fastText's hash of them. */
final class TokenHash {
  /** Of no byte at all. */
  static final int EMPTY = 0x811C9DC5;

  /** The token that ends every text. */
  static final byte[] END_OF_TEXT = "</s>".getBytes(StandardCharsets.US_ASCII);

  /** What labels begin with; such a token of a text is ignored. */
  static final byte[] LABEL_PREFIX = "__label__".getBytes(StandardCharsets.US_ASCII);

  private static final int PRIME = 0x01000193;
  private static final long SEPARATORS =
      1L | (1L << '\t') | (1L << '\n') | (1L << 0x0B) | (1L << '\f') | (1L << '\r') | (1L << ' ');

  private TokenHash() {}

  /** FNV-1a, but for bytes from 0x80 on, whose sign fastText extends; so does Java. */
  static int add(int hash, byte b) {
    return (hash ^ b) * PRIME;
  }

  static int of(byte[] bytes, int from, int to) {
    int hash = EMPTY;
    for (int i = from; i < to; i++) {
      hash = add(hash, bytes[i]);
    }
    return hash;
  }

  /** Blank, tab, line and page breaks, and NUL; no other white space ends a token. */
  static boolean isSeparator(byte b) {
    return b >= 0 && b <= ' ' && ((SEPARATORS >>> b) & 1) != 0;
  }

  /** The end of the token that begins at {@code from}. */
  static int tokenEnd(byte[] text, int from, int length) {
    int at = from;
    while (at < length && !isSeparator(text[at])) {
      at++;
    }
    return at;
  }

  /** The first byte from {@code from} on that is no separator, or {@code length}. */
  static int tokenStart(byte[] text, int from, int length) {
    int at = from;
    while (at < length && isSeparator(text[at])) {
      at++;
    }
    return at;
  }

  static boolean isEndOfText(byte[] text, int from, int to) {
    return to - from == END_OF_TEXT.length && startsWith(END_OF_TEXT, text, from, to);
  }

  static boolean isLabel(byte[] text, int from, int to) {
    return startsWith(LABEL_PREFIX, text, from, to);
  }

  private static boolean startsWith(byte[] prefix, byte[] text, int from, int to) {
    if (to - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (text[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
