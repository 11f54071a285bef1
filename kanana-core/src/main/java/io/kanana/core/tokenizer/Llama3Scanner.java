package io.kanana.core.tokenizer;

import static io.kanana.core.tokenizer.CharClasses.BREAK;
import static io.kanana.core.tokenizer.CharClasses.LETTER;
import static io.kanana.core.tokenizer.CharClasses.NUMBER;
import static io.kanana.core.tokenizer.CharClasses.OTHER;

/**
 * The pre-tokenizer pattern of Llama 3 (and, with digits one by one, of Qwen 2), scanned by hand in
 * linear time. It agrees with the regular expression, alternative by alternative.
 *
 * @param digits the longest run of digits that is one piece: 3 for Llama 3, 1 for Qwen 2
 */
record Llama3Scanner(int digits) implements WordScanner {
  private static final String HEAD =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}";
  private static final String TAIL =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  static final String LLAMA_3 = HEAD + "{1,3}" + TAIL;
  static final String QWEN_2 = HEAD + TAIL;

  @Override
  public int end(char[] text, int i, int to) {
    byte first = CharClasses.at(text, i);
    if (first == LETTER) {
      return Scans.run(text, i, to, LETTER);
    }
    if (text[i] == '\'') {
      int contraction = contraction(text, i, to);
      if (contraction > 0) {
        return i + contraction;
      }
    }
    int next = i + CharClasses.width(text, i);
    if (first != NUMBER && first != BREAK && is(text, next, to, LETTER)) {
      return Scans.run(text, next, to, LETTER);
    }
    if (first == NUMBER) {
      return number(text, i, to);
    }
    if (first == OTHER) {
      return punctuation(text, i, to);
    }
    return text[i] == ' ' && is(text, next, to, OTHER)
        ? punctuation(text, next, to)
        : space(text, i, to);
  }

  private static boolean is(char[] text, int i, int to, byte charClass) {
    return i < to && CharClasses.at(text, i) == charClass;
  }

  /** The length of {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)} here, 0 where there is none. */
  private static int contraction(char[] text, int i, int to) {
    if (i + 1 >= to) {
      return 0;
    }
    char second = i + 2 < to ? lower(text[i + 2]) : 0;
    return switch (lower(text[i + 1])) {
      case 's', 't', 'm', 'd' -> 2;
      case 'r', 'v' -> second == 'e' ? 3 : 0;
      case 'l' -> second == 'l' ? 3 : 0;
      default -> 0;
    };
  }

  /** Case folding as far as contractions need it: the long s folds to s. */
  private static char lower(char c) {
    return c == '\u017F' ? 's' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  private int number(char[] text, int i, int to) {
    int end = i;
    for (int n = 0; n < digits && is(text, end, to, NUMBER); n++) {
      end += CharClasses.width(text, end);
    }
    return end;
  }

  private static int punctuation(char[] text, int i, int to) {
    int end = Scans.run(text, i, to, OTHER);
    while (end < to && (text[end] == '\r' || text[end] == '\n')) {
      end++;
    }
    return end;
  }

  /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to the last line break, else all but the last space. */
  private static int space(char[] text, int i, int to) {
    int lastBreak = -1;
    int end = i;
    for (; end < to && CharClasses.isSpace(text[end]); end++) {
      if (text[end] == '\r' || text[end] == '\n') {
        lastBreak = end;
      }
    }
    return lastBreak >= 0 ? lastBreak + 1 : Scans.leaveLastSpace(i, end, to);
  }
}
