package io.kanana.data.miniature;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * English forms that depend on neighbours: {@code a(n)} becomes a or an, and a sentence, an answer
 * after a colon and quoted speech begin with a capital.
 */
final class EnglishForms {
  private static final Pattern ARTICLE = Pattern.compile("\\b([Aa])\\(n\\) (?=(.))");
  private static final Pattern BEGINNING =
      Pattern.compile("(?m)(?:^|[.!?] |\\.\" |: )\"?[a-z]|(?<=[ \\n])\"[a-z]");

  private EnglishForms() {}

  static String resolve(String text) {
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
}
