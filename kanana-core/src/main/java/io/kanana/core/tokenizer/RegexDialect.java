package io.kanana.core.tokenizer;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Rewrites the regular expressions of {@code tokenizer.json} (Oniguruma, Ruby syntax) for {@link
 * Pattern}. Whatever the two read differently is either rewritten ({@code \s}, {@code \d}, {@code
 * \v}) or refused by name; nothing is passed through unread.
 */
final class RegexDialect {
  private static final int LONGEST = 4_096;
  private static final int DEEPEST = 32;
  private static final String SPACES =
      "\\x{9}-\\x{D}\\x{20}\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}"
          + "\\x{202F}\\x{205F}\\x{3000}";
  private static final Set<String> CATEGORIES =
      Set.of(
          "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P",
          "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl",
          "Zp", "Cc", "Cf");
  private static final Set<String> SCRIPTS =
      Set.of(
          "Han",
          "Hangul",
          "Hiragana",
          "Katakana",
          "Latin",
          "Greek",
          "Cyrillic",
          "Arabic",
          "Hebrew",
          "Thai",
          "Devanagari");
  private static final Set<String> GROUPS =
      Set.of("(?:", "(?i:", "(?!", "(?=", "(?<!", "(?<=", "(?>");

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int depth;
  private boolean inClass;

  private RegexDialect(String source) {
    this.source = source;
  }

  /**
   * @throws IllegalArgumentException naming the construct that is not supported
   */
  static Pattern compile(String source) {
    if (source.length() > LONGEST) {
      throw new IllegalArgumentException(
          "it has " + source.length() + " characters; at most " + LONGEST + " are accepted");
    }
    try {
      return Pattern.compile(
          new RegexDialect(source).rewrite(), Pattern.UNICODE_CASE | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription() + " near index " + e.getIndex(), e);
    }
  }

  private String rewrite() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '\\') {
        escape();
      } else if (inClass) {
        classCharacter(c);
      } else {
        character(c);
      }
    }
    return out.toString();
  }

  private void copy(int length) {
    out.append(source, at, at + length);
    at += length;
  }

  private void character(char c) {
    switch (c) {
      case '^', '$' -> throw refused(String.valueOf(c));
      case '(' -> group();
      case ')' -> {
        depth--;
        copy(1);
      }
      case '[' -> {
        inClass = true;
        copy(source.startsWith("[^", at) ? 2 : 1);
      }
      case '}' -> {
        if (source.startsWith("}+", at)) {
          throw refused("}+");
        }
        copy(1);
      }
      default -> copy(1);
    }
  }

  private void group() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("groups are nested deeper than " + DEEPEST);
    }
    if (!source.startsWith("(?", at)) {
      copy(1);
      return;
    }
    for (String group : GROUPS) {
      if (source.startsWith(group, at)) {
        copy(group.length());
        return;
      }
    }
    throw refused(source.substring(at, Math.min(at + 4, source.length())));
  }

  private void classCharacter(char c) {
    if (c == '[' || source.startsWith("&&", at)) {
      throw refused(c == '[' ? "[ inside a class" : "&&");
    }
    inClass = c != ']';
    copy(1);
  }

  private void escape() {
    if (at + 1 >= source.length()) {
      throw refused("\\ at the end");
    }
    char c = source.charAt(at + 1);
    switch (c) {
      case 's' -> replace(inClass ? SPACES : "[" + SPACES + "]");
      case 'S' -> replace("[^" + SPACES + "]");
      case 'd' -> replace("\\p{Nd}");
      case 'D' -> replace("\\P{Nd}");
      case 'v' -> replace("\\x{B}");
      case 'p', 'P' -> property(c);
      case 'r', 'n', 't', 'f' -> copy(2);
      default -> {
        if (c > 0x7E || Character.isLetterOrDigit(c)) {
          throw refused("\\" + c);
        }
        copy(2);
      }
    }
  }

  private void replace(String rewritten) {
    out.append(rewritten);
    at += 2;
  }

  private void property(char c) {
    int close = source.indexOf('}', at);
    if (close < 0 || source.charAt(at + 2) != '{') {
      throw refused("\\" + c + " without {name}");
    }
    String name = source.substring(at + 3, close);
    if (CATEGORIES.contains(name)) {
      out.append('\\').append(c).append('{').append(name).append('}');
    } else if (SCRIPTS.contains(name)) {
      out.append('\\').append(c).append("{Is").append(name).append('}');
    } else {
      throw refused("\\" + c + "{" + Quoted.shortened(name) + "}");
    }
    at = close + 1;
  }

  private static IllegalArgumentException refused(String construct) {
    return new IllegalArgumentException("the construct '" + construct + "' is not supported");
  }
}
