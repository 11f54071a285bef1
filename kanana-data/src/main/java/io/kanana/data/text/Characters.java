package io.kanana.data.text;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The classes of characters that the filters distinguish. They are those of Python and of
 * datatrove, whose published thresholds were found with them; Java's own notion of white space and
 * punctuation is another.
 */
public final class Characters {
  private static final byte SPACE = 1;
  private static final byte LINE_BREAK = 2;
  private static final byte LETTER = 4;
  private static final byte WORD = 8;
  private static final byte SYMBOL = 16;
  private static final byte TERMINAL = 32;

  /** White_Space and the four separators U+001C to U+001F. */
  private static final String SPACES = "9-D 1C-20 85 A0 1680 2000-200A 2028-2029 202F 205F 3000";

  private static final String LINE_BREAKS = "A-D 1C-1E 85 2028-2029";

  /** What ends a sentence, in many scripts; neither quotes nor brackets. */
  private static final String TERMINALS =
      "21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E"
          + " 1735-1736 17D4-17D6 17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F"
          + " 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002 A4FF"
          + " A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB FE52"
          + " FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048"
          + " 110BE-110C1 11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9"
          + " 1144B-1144C 115C2-115C3 115C9-115D7 11641-11642 1173C-1173E 11944 11946 11A42-11A43"
          + " 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5 16B37-16B38 16B44"
          + " 16E98 1BC9F 1DA88";

  /** What makes no word by itself, besides {@link #TERMINALS}: punctuation and controls. */
  private static final String SYMBOLS =
      "0-8 B-1F 21-2F 3A-40 5B-60 7B-9F AB B4 BB 2013-2014 2019 201C-201E 2026 2236 2501 25BA"
          + " 3001-3002 3008-300D 3010-3011 FF01 FF05 FF08-FF09 FF0C FF0E FF11 FF1A-FF1B FF1F FF5E";

  private static final byte[] BMP = new byte[0x10000];
  private static final int[] HIGH_TERMINALS;

  static {
    for (int c = 0; c < BMP.length; c++) {
      BMP[c] = (byte) ((Character.isLetter(c) ? LETTER : 0) | (isWord(c) ? WORD : 0));
    }
    mark(SPACES, SPACE);
    mark(LINE_BREAKS, LINE_BREAK);
    mark(SYMBOLS, SYMBOL);
    mark(TERMINALS, (byte) (TERMINAL | SYMBOL));
    HIGH_TERMINALS = codePoints(TERMINALS).filter(c -> c >= BMP.length).sorted().toArray();
  }

  private Characters() {}

  /** A letter, mark or number of Unicode, or the underscore. */
  private static boolean isWord(int c) {
    return c == '_'
        || Character.isLetter(c)
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.LETTER_NUMBER,
              Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }

  private static void mark(String ranges, byte flag) {
    codePoints(ranges).filter(c -> c < BMP.length).forEach(c -> BMP[c] |= flag);
  }

  private static IntStream codePoints(String ranges) {
    return Arrays.stream(ranges.split(" ", -1))
        .flatMapToInt(
            range -> {
              String[] ends = range.split("-", -1);
              int first = Integer.parseInt(ends[0], 16);
              int last = Integer.parseInt(ends[ends.length - 1], 16);
              return IntStream.rangeClosed(first, last);
            });
  }

  /** White space, of which none lies outside the first plane. */
  public static boolean isSpace(char c) {
    return (BMP[c] & SPACE) != 0;
  }

  /** What ends a line, where any of them does; CR LF is one end. */
  public static boolean isLineBreak(char c) {
    return (BMP[c] & LINE_BREAK) != 0;
  }

  /** A letter of any script: general category L. */
  public static boolean isLetter(int codePoint) {
    return codePoint < BMP.length ? (BMP[codePoint] & LETTER) != 0 : Character.isLetter(codePoint);
  }

  /** A letter, mark, number or underscore. */
  public static boolean isWordPart(int codePoint) {
    return codePoint < BMP.length ? (BMP[codePoint] & WORD) != 0 : isWord(codePoint);
  }

  /** Punctuation or a control: a word of nothing else is not counted as one. */
  public static boolean isSymbol(int codePoint) {
    return codePoint < BMP.length ? (BMP[codePoint] & SYMBOL) != 0 : isTerminal(codePoint);
  }

  /** What ends a sentence in some script. */
  public static boolean isTerminal(int codePoint) {
    return codePoint < BMP.length
        ? (BMP[codePoint] & TERMINAL) != 0
        : Arrays.binarySearch(HIGH_TERMINALS, codePoint) >= 0;
  }

  /** Where the first character that is no white space stands, {@code to} if there is none. */
  public static int skipSpaces(char[] chars, int from, int to) {
    int at = from;
    while (at < to && isSpace(chars[at])) {
      at++;
    }
    return at;
  }

  /** Where the white space at the end begins, {@code from} if there is nothing else. */
  public static int trimSpaces(char[] chars, int from, int to) {
    int end = to;
    while (end > from && isSpace(chars[end - 1])) {
      end--;
    }
    return end;
  }

  /** How many code points a span has. */
  public static int codePoints(char[] chars, int from, int to) {
    int pairs = 0;
    for (int i = from + 1; i < to; i++) {
      if (Character.isLowSurrogate(chars[i]) && Character.isHighSurrogate(chars[i - 1])) {
        pairs++;
      }
    }
    return to - from - pairs;
  }

  /** The code point that begins at a place. */
  static int at(char[] chars, int at, int to) {
    return Character.codePointAt(chars, at, to);
  }
}
