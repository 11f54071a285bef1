package io.kanana.data.miniature;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms of both languages by regular expressions: slow, and easy to see through. */
final class FormsByPattern {
  private static final Pattern ARTICLE = Pattern.compile("\\b([Aa])\\(n\\) (?=(.))");
  private static final Pattern BEGINNING =
      Pattern.compile("(?m)(?:^|[.!?] |\\.\" |: )\"?[a-z]|(?<=[ \\n])\"[a-z]");

  /** Of two that end alike the longer comes first. */
  static final List<String> PARTICLES =
      List.of(
          "이었다(였다)", "이라는(라는)", "이라고(라고)", "이라서(라서)", "이에요(예요)", "으로(로)", "이야(야)", "이다(다)", "이지(지)",
          "은(는)", "이(가)", "을(를)", "과(와)", "아(야)");

  private static final Pattern PARTICLE =
      Pattern.compile(
          PARTICLES.stream()
              .map(Pattern::quote)
              .collect(Collectors.joining("|", "(?<=(.))(", ")")));

  private FormsByPattern() {}

  static String english(String text) {
    String withArticles =
        ARTICLE.matcher(text).replaceAll(m -> m.group(1) + (vowel(m.group(2)) ? "n " : " "));
    return BEGINNING.matcher(withArticles).replaceAll(m -> capitalised(m.group()));
  }

  private static boolean vowel(String letter) {
    return "aeiouAEIOU".contains(letter);
  }

  private static String capitalised(String beginning) {
    int last = beginning.length() - 1;
    return beginning.substring(0, last) + beginning.substring(last).toUpperCase(Locale.ROOT);
  }

  static String korean(String text) {
    return PARTICLE.matcher(text).replaceAll(place -> chosen(text, place));
  }

  private static String chosen(String text, MatchResult place) {
    String both = place.group(2);
    int open = both.indexOf('(');
    Particles.Ending ending = Particles.ending(text, place.start(2));
    boolean vowel =
        ending == Particles.Ending.VOWEL
            || (ending == Particles.Ending.LIQUID && both.startsWith("으로"));
    return vowel ? both.substring(open + 1, both.length() - 1) : both.substring(0, open);
  }
}
