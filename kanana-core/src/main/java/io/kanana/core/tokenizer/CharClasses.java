package io.kanana.core.tokenizer;

/**
 * The character classes that pre-tokenizer patterns distinguish: {@code \p{L}}, {@code \p{N}},
 * {@code \s} (the 25 characters with the property White_Space) and the two line breaks.
 *
 * <p>Java's own {@code \s} and {@link Character#isWhitespace} differ from White_Space (they lack
 * U+00A0 and U+0085, and have U+001C), hence the list here.
 */
final class CharClasses {
  static final byte OTHER = 0;
  static final byte LETTER = 1;
  static final byte NUMBER = 2;
  static final byte SPACE = 3;

  /** A carriage return or line feed, which is white space too. */
  static final byte BREAK = 4;

  private static final byte[] BMP = new byte[0x10000];

  static {
    for (int c = 0; c < BMP.length; c++) {
      BMP[c] = classify(c);
    }
  }

  private CharClasses() {}

  private static byte classify(int c) {
    if (c == '\r' || c == '\n') {
      return BREAK;
    }
    if (whiteSpace(c)) {
      return SPACE;
    }
    return letterOrNumber(c);
  }

  private static byte letterOrNumber(int codePoint) {
    if (Character.isLetter(codePoint)) {
      return LETTER;
    }
    return switch (Character.getType(codePoint)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }

  private static boolean whiteSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || c == ' '
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /**
   * The class of the code point that begins at an index. A high surrogate is always followed by its
   * low one here: {@link Text} has replaced lone ones.
   */
  static byte at(char[] text, int index) {
    char c = text[index];
    return Character.isHighSurrogate(c)
        ? letterOrNumber(Character.toCodePoint(c, text[index + 1]))
        : BMP[c];
  }

  static boolean isSpace(char c) {
    return BMP[c] >= SPACE;
  }

  /** Whether the class is white space, line breaks included. */
  static boolean isSpaceClass(byte charClass) {
    return charClass >= SPACE;
  }

  /** The number of UTF-16 units of the code point at an index. */
  static int width(char[] text, int index) {
    return Character.isHighSurrogate(text[index]) ? 2 : 1;
  }

  /** Whether the code point is a word character: {@code \w} as UTS #18 defines it. */
  static boolean isWord(int codePoint) {
    return Character.isAlphabetic(codePoint)
        || codePoint == 0x200C
        || codePoint == 0x200D
        || switch (Character.getType(codePoint)) {
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.CONNECTOR_PUNCTUATION ->
              true;
          default -> false;
        };
  }
}
