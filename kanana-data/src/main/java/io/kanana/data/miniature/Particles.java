package io.kanana.data.miniature;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Korean particles and endings whose form depends on the sound before them. Text has both forms,
 * the one after a consonant first and the other in brackets: {@code 감자은(는)} becomes {@code 감자는}.
 */
final class Particles {
  private record Pair(String afterConsonant, String afterVowel, String both) {
    Pair(String afterConsonant, String afterVowel) {
      this(afterConsonant, afterVowel, afterConsonant + "(" + afterVowel + ")");
    }
  }

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("은", "는"),
          new Pair("이", "가"),
          new Pair("을", "를"),
          new Pair("과", "와"),
          new Pair("으로", "로"),
          new Pair("아", "야"),
          new Pair("이야", "야"),
          new Pair("이다", "다"),
          new Pair("이지", "지"),
          new Pair("이었다", "였다"),
          new Pair("이라는", "라는"),
          new Pair("이라고", "라고"),
          new Pair("이라서", "라서"),
          new Pair("이에요", "예요"));

  private static final Pattern NASAL = Pattern.compile(".?[mn]|ng");

  private Particles() {}

  /** How a syllable ends, as particles hear it. */
  enum Ending {
    VOWEL,
    CONSONANT,
    /** ㄹ, after which 로 stands and not 으로. */
    LIQUID
  }

  static String resolve(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int done = 0;
    for (int open = text.indexOf('('); open >= 0; open = text.indexOf('(', open + 1)) {
      Pair pair = pairAt(text, open);
      if (pair != null) {
        int start = open - pair.afterConsonant().length();
        out.append(text, done, start).append(choose(pair, ending(text, start)));
        done = start + pair.both().length();
      }
    }
    return out.append(text, done, text.length()).toString();
  }

  /** The pair whose bracket this is, if it stands after something; no two end in the same. */
  private static Pair pairAt(String text, int open) {
    for (Pair pair : PAIRS) {
      int start = open - pair.afterConsonant().length();
      if (start > 0
          && text.startsWith(pair.both(), start)
          && !EnglishForms.isLineBreak(text.charAt(start - 1))) {
        return pair;
      }
    }
    return null;
  }

  private static String choose(Pair pair, Ending ending) {
    boolean vowel =
        ending == Ending.VOWEL || (ending == Ending.LIQUID && pair.afterConsonant().equals("으로"));
    return vowel ? pair.afterVowel() : pair.afterConsonant();
  }

  /** How the word that ends before {@code end} ends when it is read aloud. */
  static Ending ending(String text, int end) {
    char last = text.charAt(end - 1);
    if (last >= '가' && last <= '힣') {
      return hangul(last);
    }
    return Character.isDigit(last) ? number(last) : latin(text, end);
  }

  private static Ending hangul(char syllable) {
    int finalConsonant = (syllable - '가') % 28;
    return switch (finalConsonant) {
      case 0 -> Ending.VOWEL;
      case 8 -> Ending.LIQUID;
      default -> Ending.CONSONANT;
    };
  }

  /** 일 이 삼 사 오 육 칠 팔 구, and 영, 십, 백, 천, 만, which all end in a consonant. */
  private static Ending number(char digit) {
    return switch (digit) {
      case '1', '7', '8' -> Ending.LIQUID;
      case '2', '4', '5', '9' -> Ending.VOWEL;
      default -> Ending.CONSONANT;
    };
  }

  /** Latin letters by their usual sound: l is ㄹ, m, n and ng are consonants, others are vowels. */
  private static Ending latin(String text, int end) {
    String word = text.substring(Math.max(0, end - 2), end).toLowerCase(Locale.ROOT);
    if (word.endsWith("l")) {
      return Ending.LIQUID;
    }
    return NASAL.matcher(word).matches() ? Ending.CONSONANT : Ending.VOWEL;
  }
}
