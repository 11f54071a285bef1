package io.kanana.core.tokenizer;

import static io.kanana.core.tokenizer.CharClasses.LETTER;
import static io.kanana.core.tokenizer.CharClasses.NUMBER;
import static io.kanana.core.tokenizer.CharClasses.OTHER;

/** The pre-tokenizer pattern of GPT-2, scanned by hand in linear time. */
record Gpt2Scanner() implements WordScanner {
  static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  @Override
  public int end(char[] text, int i, int to) {
    if (text[i] == '\'') {
      int contraction = contraction(text, i, to);
      if (contraction > 0) {
        return i + contraction;
      }
    }
    int body = text[i] == ' ' && i + 1 < to ? i + 1 : i;
    byte kind = CharClasses.at(text, body);
    if (kind == LETTER || kind == NUMBER || kind == OTHER) {
      return Scans.run(text, body, to, kind);
    }
    int end = i;
    while (end < to && CharClasses.isSpace(text[end])) {
      end++;
    }
    return Scans.leaveLastSpace(i, end, to);
  }

  private static int contraction(char[] text, int i, int to) {
    if (i + 1 >= to) {
      return 0;
    }
    char second = i + 2 < to ? text[i + 2] : 0;
    return switch (text[i + 1]) {
      case 's', 't', 'm', 'd' -> 2;
      case 'r', 'v' -> second == 'e' ? 3 : 0;
      case 'l' -> second == 'l' ? 3 : 0;
      default -> 0;
    };
  }
}
