package io.kanana.data.privacy;

import java.util.List;
import java.util.Locale;

/** Addresses of e-mail, as people write them (the common part of RFC 5321). */
final class Emails {
  private static final int LONGEST_DOMAIN = 253;
  private static final int LONGEST_LABEL = 63;

  /** Names that nobody can have (RFC 2606). */
  private static final List<String> RESERVED =
      List.of(
          "example.com", "example.org", "example.net", "test", "example", "invalid", "localhost");

  private Emails() {}

  static boolean isLocal(char c) {
    return Marks.isWord(c) || c == '.' || c == '%' || c == '+' || c == '-';
  }

  /**
   * An address whose local part is the run of characters that begins here.
   *
   * @param start where no such character stands before
   */
  static Found at(String text, int start) {
    int at = start;
    while (at < text.length() && isLocal(text.charAt(at))) {
      at++;
    }
    int begin = start;
    while (begin < at
        && !Marks.isDigit(text.charAt(begin))
        && !Marks.isLetter(text.charAt(begin))) {
      begin++;
    }
    boolean sound = begin < at && Marks.is(text, at, '@');
    if (!sound || Marks.is(text, start - 1, '@')) {
      return null;
    }
    int end = domainEnd(text, at + 1);
    if (end < 0) {
      return null;
    }
    String domain = text.substring(at + 1, end).toLowerCase(Locale.ROOT);
    String value = text.substring(begin, at).toLowerCase(Locale.ROOT) + "@" + domain;
    return new Found(PersonalKind.EMAIL, begin, end, !isReserved(domain), value);
  }

  /**
   * The end of a domain name with at least two labels, the last of letters; or -1. What stands
   * after a dot or hyphen may be something else, so the longest name is taken that is one.
   */
  private static int domainEnd(String text, int start) {
    int end = start;
    while (end < text.length() && end - start <= LONGEST_DOMAIN && isDomain(text.charAt(end))) {
      end++;
    }
    boolean cut =
        end - start > LONGEST_DOMAIN || Marks.is(text, end, '@') || Marks.is(text, end, '_');
    if (cut) {
      end = separator(text, start, end);
    }
    while (end > start && !isName(text, start, end)) {
      end = separator(text, start, end);
    }
    return end > start ? end : -1;
  }

  /** The last dot or hyphen before a place. */
  private static int separator(String text, int start, int end) {
    int at = end - 1;
    while (at > start && Marks.isWord(text.charAt(at))) {
      at--;
    }
    return at;
  }

  private static boolean isDomain(char c) {
    return Marks.isLetter(c) || Marks.isDigit(c) || c == '.' || c == '-';
  }

  private static boolean isName(String text, int start, int end) {
    int labels = 0;
    int label = start;
    for (int i = start; i <= end; i++) {
      if (i == end || text.charAt(i) == '.') {
        if (!isLabel(text, label, i)) {
          return false;
        }
        labels++;
        label = i == end ? label : i + 1;
      }
    }
    return labels >= 2 && end - label >= 2 && isAllLetters(text, label, end);
  }

  private static boolean isLabel(String text, int start, int end) {
    return start < end
        && end - start <= LONGEST_LABEL
        && text.charAt(start) != '-'
        && text.charAt(end - 1) != '-';
  }

  private static boolean isAllLetters(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Marks.isLetter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isReserved(String domain) {
    return RESERVED.stream().anyMatch(name -> domain.equals(name) || domain.endsWith("." + name));
  }
}
