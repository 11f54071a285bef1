package io.kanana.data.filter.language;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.List;

/**
 * Tells languages by their script where it is enough (Korean, Japanese, Greek, ...), and those that
 * share one by frequent words and by letters that others lack. It needs no model and has read no
 * data.
 *
 * <p>The score is the share of the text's letters that are of the language's script, with a
 * syllable of Hangul counted as 2.5 letters of an alphabet and a Chinese character as 3, times how
 * clearly the language stands out among those of its script. Addresses and code in backquotes count
 * for nothing. Names and lists, which have few frequent words, get low scores; texts of a few words
 * are guesses.
 */
public final class ScriptIdentifier implements LanguageIdentifier {
  /** It has no options. */
  public record Config() implements LanguageIdentifier.Config {
    @Override
    public LanguageIdentifier create() {
      return new ScriptIdentifier();
    }
  }

  // scripts that are told apart
  private static final int HANGUL = 0;
  private static final int KANA = 1;
  private static final int HAN = 2;
  private static final int LATIN = 3;
  private static final int CYRILLIC = 4;
  private static final int ARABIC = 5;
  private static final int GREEK = 6;
  private static final int HEBREW = 7;
  private static final int THAI = 8;
  private static final int DEVANAGARI = 9;
  private static final int OTHER = 10;

  /** How many letters of an alphabet a letter of each is worth. */
  private static final double[] WEIGHTS = {2.5, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1};

  /** A script's letters mean this language unless others of its letters say another. */
  private record Alphabet(int script, String language, List<LetterSign> signs) {}

  /** Letters of which a share of the script's means a language. */
  private record LetterSign(String language, String letters) {}

  private static final List<Alphabet> ALPHABETS =
      List.of(
          new Alphabet(
              CYRILLIC,
              "ru",
              List.of(
                  new LetterSign("uk", "іїєґІЇЄҐ"),
                  new LetterSign("be", "ўЎ"),
                  new LetterSign("sr", "ђјљњћџЂЈЉЊЋЏ"))),
          new Alphabet(
              ARABIC, "ar", List.of(new LetterSign("ur", "ٹڈڑےں"), new LetterSign("fa", "پچژگک"))),
          new Alphabet(GREEK, "el", List.of()),
          new Alphabet(HEBREW, "he", List.of()),
          new Alphabet(THAI, "th", List.of()),
          new Alphabet(DEVANAGARI, "hi", List.of()));

  /** From this share of kana on, Chinese characters are Japanese. */
  private static final double JAPANESE_KANA = 0.1;

  /** From this share of its script on, letters that are signs of a language mean it. */
  private static final double SIGN_SHARE = 0.01;

  private static final byte NO_LETTER = -1;
  private static final byte[] BMP = new byte[0x10000];

  static {
    for (int c = 0; c < BMP.length; c++) {
      BMP[c] = classify(c);
    }
  }

  private static byte classify(int codePoint) {
    return Character.isLetter(codePoint) ? (byte) script(UnicodeScript.of(codePoint)) : NO_LETTER;
  }

  private static int script(UnicodeScript script) {
    return switch (script) {
      case HANGUL -> HANGUL;
      case HIRAGANA, KATAKANA -> KANA;
      case HAN -> HAN;
      case LATIN -> LATIN;
      case CYRILLIC -> CYRILLIC;
      case ARABIC -> ARABIC;
      case GREEK -> GREEK;
      case HEBREW -> HEBREW;
      case THAI -> THAI;
      case DEVANAGARI -> DEVANAGARI;
      default -> OTHER;
    };
  }

  @Override
  public Guess identify(String text) {
    String prose = Prose.of(text);
    double[] weights = weights(prose);
    double total = Arrays.stream(weights).sum();
    if (total == 0) {
      return new Guess(Guess.UNKNOWN, 0);
    }
    Guess best = best(prose, weights);
    return new Guess(best.language(), best.score() / total);
  }

  private static double[] weights(String text) {
    int[] counts = new int[WEIGHTS.length];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      byte script = BMP[c];
      if (Character.isHighSurrogate(c)) {
        script = classify(text.codePointAt(i));
        i += Character.charCount(text.codePointAt(i)) - 1;
      }
      if (script != NO_LETTER) {
        counts[script]++;
      }
    }
    double[] weights = new double[counts.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = counts[i] * WEIGHTS[i];
    }
    return weights;
  }

  /** The language with the most weight, and that weight. */
  private static Guess best(String text, double[] weights) {
    Guess best = eastAsian(weights);
    double latin = weights[LATIN];
    if (latin > best.score()) {
      Guess guess = LatinLanguages.identify(text);
      best = better(best, new Guess(guess.language(), guess.score() * latin));
    }
    for (Alphabet alphabet : ALPHABETS) {
      double weight = weights[alphabet.script()];
      if (weight > best.score()) {
        best = new Guess(language(text, alphabet, weight), weight);
      }
    }
    return best;
  }

  private static Guess better(Guess one, Guess other) {
    return other.score() > one.score() ? other : one;
  }

  /** Chinese characters are those of whatever else is there, Chinese where nothing is. */
  private static Guess eastAsian(double[] weights) {
    double hangul = weights[HANGUL];
    double kana = weights[KANA];
    double han = weights[HAN];
    Guess none = new Guess(Guess.UNKNOWN, 0);
    if (hangul > kana && hangul > han) {
      return new Guess("ko", hangul + (kana == 0 ? han : 0));
    }
    String language = kana > JAPANESE_KANA * (kana + han) ? "ja" : "zh";
    double weight = language.equals("ja") ? kana + han : han;
    return better(none, new Guess(language, weight));
  }

  private static String language(String text, Alphabet alphabet, double letters) {
    for (LetterSign sign : alphabet.signs()) {
      long found = text.chars().filter(c -> sign.letters().indexOf(c) >= 0).count();
      if (found > SIGN_SHARE * letters) {
        return sign.language();
      }
    }
    return alphabet.language();
  }
}
