package io.kanana.data.text;

import java.util.Arrays;

/** What {@link EnglishWords} takes off the ends of a word, and where it cuts one. */
final class EnglishAffixes {
  private static final String QUOTES = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉⟦⟧";
  private static final String PUNCTUATION = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
  private static final String CURRENCY = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿";

  /** A full stop after one of these ends a word, as it does after a lower-case letter. */
  private static final String BEFORE_STOP = "0123456789%²-+|";

  private static final String[] UNITS = {
    "km", "km²", "km³", "m", "m²", "m³", "dm", "dm²", "dm³", "cm", "cm²", "cm³", "mm", "mm²", "mm³",
    "ha", "µm", "nm", "yd", "in", "ft", "kg", "g", "mg", "µg", "t", "lb", "oz", "m/s", "km/h",
    "kmh", "mph", "hPa", "Pa", "mbar", "mb", "MB", "kb", "KB", "gb", "GB", "tb", "TB", "T", "G",
    "M", "K", "%"
  };

  private static final byte BOTH_ENDS = 1;
  private static final byte PREFIX = 2;
  private static final byte QUOTE = 4;
  private static final byte MONEY = 8;
  private static final byte STOP = 16;
  private static final byte LOWER = 32;
  private static final byte UPPER = 64;
  private static final byte[] CLASSES = new byte[0x10000];

  static {
    for (int c = 0; c < CLASSES.length; c++) {
      boolean symbol = Character.getType(c) == Character.OTHER_SYMBOL;
      boolean cased = Character.isLowerCase(c) || Character.isUpperCase(c);
      boolean uncased = Character.isLetter(c) && !cased && !Character.isTitleCase(c);
      mark(c, symbol, BOTH_ENDS);
      mark(c, Character.isLowerCase(c) || uncased, LOWER);
      mark(c, Character.isUpperCase(c) || uncased, UPPER);
    }
    mark(QUOTES + PUNCTUATION + "—–", BOTH_ENDS);
    mark("§%=" + CURRENCY, PREFIX);
    mark(QUOTES, QUOTE);
    mark(CURRENCY, MONEY);
    mark(BEFORE_STOP + QUOTES + PUNCTUATION, STOP);
  }

  private EnglishAffixes() {}

  private static void mark(String chars, byte flag) {
    chars.chars().forEach(c -> mark(c, true, flag));
  }

  private static void mark(int c, boolean holds, byte flag) {
    CLASSES[c] |= holds ? flag : 0;
  }

  private static boolean is(char c, int classes) {
    return (CLASSES[c] & classes) != 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The length of what can be taken off the front, or 0. */
  static int prefix(char[] chars, int from, int to) {
    char c = chars[from];
    if (is(c, BOTH_ENDS | PREFIX)) {
      return 1;
    }
    return switch (c) {
      case '+' -> from + 1 < to && isDigit(chars[from + 1]) ? 0 : 1;
      case '.' -> dots(chars, from, to);
      case 'U', 'C', 'A' -> dollar(chars, from, to);
      default -> isPairedSymbol(chars, from, to) ? 2 : 0;
    };
  }

  /** Two dots or more, or none. */
  private static int dots(char[] chars, int from, int to) {
    int end = from;
    while (end < to && chars[end] == '.') {
      end++;
    }
    return end - from >= 2 ? end - from : 0;
  }

  private static int dollar(char[] chars, int from, int to) {
    int length = chars[from] == 'U' ? 3 : 2;
    boolean matches =
        to - from >= length
            && chars[from + length - 1] == '$'
            && (length == 2 || chars[from + 1] == 'S');
    return matches ? length : 0;
  }

  private static boolean isPairedSymbol(char[] chars, int from, int to) {
    return Character.isHighSurrogate(chars[from])
        && Character.getType(Characters.at(chars, from, to)) == Character.OTHER_SYMBOL;
  }

  /** The length of what can be taken off the end, the longest that fits, or 0. */
  static int suffix(char[] chars, int from, int to) {
    if (from == to) {
      return 0;
    }
    char c = chars[to - 1];
    if (c == '.') {
      return stop(chars, from, to);
    }
    int measured = to - from >= 2 ? afterDigit(chars, from, to) : 0;
    if (measured > 0) {
      return measured;
    }
    if ((c == 's' || c == 'S') && to - from >= 2) {
      return chars[to - 2] == '\'' || chars[to - 2] == '’' ? 2 : 0;
    }
    if (Character.isLowSurrogate(c) && to - from >= 2) {
      return isPairedSymbol(chars, to - 2, to) ? 2 : 0;
    }
    return is(c, BOTH_ENDS) ? 1 : 0;
  }

  private static int stop(char[] chars, int from, int to) {
    int start = to - 1;
    while (start > from && chars[start - 1] == '.') {
      start--;
    }
    if (to - start >= 2) {
      return to - start;
    }
    if (start == from) {
      return 0;
    }
    char before = chars[start - 1];
    boolean capitals = start - from >= 2 && is(before, UPPER) && is(chars[start - 2], UPPER);
    return capitals || is(before, STOP | LOWER) ? 1 : 0;
  }

  /** A plus, a currency or a unit that follows a digit. */
  private static int afterDigit(char[] chars, int from, int to) {
    if (isDigit(chars[to - 2]) && (chars[to - 1] == '+' || is(chars[to - 1], MONEY))) {
      return 1;
    }
    int digit = to - 2;
    while (digit >= from && digit >= to - 5 && !isDigit(chars[digit])) {
      digit--;
    }
    return digit >= from && isDigit(chars[digit]) && isUnit(chars, digit + 1, to)
        ? to - digit - 1
        : 0;
  }

  private static boolean isUnit(char[] chars, int from, int to) {
    for (String unit : UNITS) {
      if (unit.length() == to - from
          && Arrays.equals(chars, from, to, unit.toCharArray(), 0, to - from)) {
        return true;
      }
    }
    return false;
  }

  /** The length of what cuts a word that begins at {@code from}, if it stands at {@code at}. */
  static int infix(char[] chars, int from, int at, int to) {
    char c = chars[at];
    if (Characters.isLetter(c) || isDigit(c)) {
      return 0;
    }
    boolean last = at + 1 == to;
    char before = chars[at - 1];
    char after = last ? ' ' : chars[at + 1];
    int cut =
        switch (c) {
          case '.' -> inner(before, after) ? 1 : dots(chars, at, to);
          case '…' -> 1;
          case ',' -> Characters.isLetter(before) && Characters.isLetter(after) ? 1 : 0;
          case ':', '<', '>', '=', '/' -> isWordEnd(before) && Characters.isLetter(after) ? 1 : 0;
          case '-', '–', '—', '~' -> isWordEnd(before) ? hyphen(chars, at, to) : 0;
          default -> symbol(chars, at, to);
        };
    return cut == 0 && "+-*^".indexOf(c) >= 0 && isDigit(before) && (isDigit(after) || after == '-')
        ? 1
        : cut;
  }

  private static boolean inner(char before, char after) {
    return is(before, LOWER | QUOTE) && is(after, UPPER | QUOTE);
  }

  private static boolean isWordEnd(char c) {
    return Characters.isLetter(c) || isDigit(c);
  }

  /** One to three hyphens or one to two dashes, with a letter behind. */
  private static int hyphen(char[] chars, int at, int to) {
    int longest = chars[at] == '-' ? 3 : chars[at] == '—' ? 2 : 1;
    int end = at + 1;
    while (end < to && end - at < longest && chars[end] == chars[at]) {
      end++;
    }
    return end < to && Characters.isLetter(chars[end]) ? end - at : 0;
  }

  private static int symbol(char[] chars, int at, int to) {
    if (isPairedSymbol(chars, at, to)) {
      return 2;
    }
    return Character.getType(chars[at]) == Character.OTHER_SYMBOL ? 1 : 0;
  }
}
