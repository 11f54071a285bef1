package io.kanana.data.extract;

import java.util.regex.Pattern;

/** One line of wikitext whose templates, tables and links are gone. */
final class WikiLine {
  private static final Pattern QUOTES = Pattern.compile("'{2,5}");
  private static final Pattern WORDS = Pattern.compile("__[A-Z]{3,30}__");
  private static final Pattern EMPTY_BRACKETS =
      Pattern.compile("\\s?[(\uFF08][\\s,;:\u00B7]{0,20}[)\uFF09]");
  private static final Pattern SPACES = Pattern.compile("[ \\t]{2,}");

  private WikiLine() {}

  /** The line without emphasis and switches; what removed templates left in brackets goes too. */
  static String plain(String line) {
    String plain = QUOTES.matcher(line).replaceAll("");
    plain = plain.indexOf('_') < 0 ? plain : WORDS.matcher(plain).replaceAll("");
    plain = EMPTY_BRACKETS.matcher(plain).replaceAll("");
    return SPACES.matcher(plain).replaceAll(" ").strip();
  }

  /** The line as an item of a list, or null where it is none. */
  static String item(String line) {
    int marks = 0;
    while (marks < line.length() && "*#:;".indexOf(line.charAt(marks)) >= 0) {
      marks++;
    }
    if (marks == 0) {
      return null;
    }
    String text = plain(line.substring(marks));
    char last = line.charAt(marks - 1);
    if (text.isEmpty() || last == ':' || last == ';') {
      return text;
    }
    return "  ".repeat(Math.min(8, marks - 1)) + "- " + text;
  }
}
