package io.kanana.data.privacy;

import java.util.Set;

/**
 * Telephone numbers. Korean ones of people and offices, with or without +82; North American ones;
 * others with a plus and the code of a country (E.164). Numbers that companies share (1588-0000,
 * 080) are nobody's.
 */
final class Phones {
  private static final Set<String> AREAS =
      Set.of(
          "02", "031", "032", "033", "041", "042", "043", "044", "051", "052", "053", "054", "055",
          "061", "062", "063", "064", "070", "010", "011", "016", "017", "018", "019", "0502",
          "0503", "0504", "0505", "0506", "0507", "0508");

  private static final int LONGEST = 15;
  private static final int SHORTEST = 8;

  private Phones() {}

  /** A Korean number with its leading zero. */
  static Found korean(String text, int start) {
    return national(text, start, Marks.is(text, start, '(') ? start + 1 : start, "");
  }

  /**
   * @param start of what is found
   * @param at of the area's code
   * @param trunk the zero that the code lacks after +82
   */
  private static Found national(String text, int start, int at, String trunk) {
    int first = Marks.digits(text, at, 11);
    String run = trunk + text.substring(at, at + first);
    int area = at + first;
    if ((run.length() == 10 || run.length() == 11) && run.startsWith("01")) {
      return subscriber(text, start, area, run.substring(0, 3), run.substring(3));
    }
    int next = AREAS.contains(run) ? Marks.afterSeparator(text, area) : -1;
    if (next < 0) {
      return null;
    }
    int exchange = Marks.digits(text, next, 8);
    int end = next + exchange;
    if (exchange == 3 || exchange == 4) {
      int line = Marks.afterSeparator(text, end);
      if (line < 0 || Marks.digits(text, line, 4) != 4) {
        return null;
      }
      end = line + 4;
    }
    return subscriber(text, start, end, run, Marks.digitsOf(text, next, end));
  }

  private static Found subscriber(String text, int start, int end, String area, String number) {
    boolean length = number.length() == 8 || (number.length() == 7 && !area.equals("010"));
    if (!length || !AREAS.contains(area) || !Marks.clearAfter(text, end)) {
      return null;
    }
    // no exchange begins with a zero
    boolean given = number.charAt(0) != '0';
    return new Found(PersonalKind.PHONE, start, end, given, "82 " + area + " " + number);
  }

  /** A number that begins with a plus. */
  static Found international(String text, int start) {
    int at = start + 1;
    if (text.startsWith("82", at)) {
      return afterKorea(text, start, at + 2);
    }
    if (Marks.is(text, at, '1')) {
      int next = Marks.isDigit(text, at + 1) ? at + 1 : skipped(text, at + 1);
      return northAmerican(text, start, next, true);
    }
    return Marks.isDigit(text, at) && text.charAt(at) != '0' ? abroad(text, start, at) : null;
  }

  private static Found afterKorea(String text, int start, int at) {
    int next = skipped(text, at);
    if (text.startsWith("(0)", next)) {
      next = skipped(text, next + 3);
    }
    return national(text, start, next, Marks.is(text, next, '0') ? "" : "0");
  }

  private static int skipped(String text, int at) {
    return Marks.is(text, at, '-') || Marks.is(text, at, ' ') || Marks.is(text, at, '.')
        ? at + 1
        : at;
  }

  /** As many groups as belong to it: up to the last that no other number continues. */
  private static Found abroad(String text, int start, int at) {
    int end = -1;
    int count = 0;
    int next = at;
    while (next >= 0) {
      int run = Marks.digits(text, next, LONGEST);
      count += run;
      end = count <= LONGEST && Marks.clearAfter(text, next + run) ? next + run : end;
      next = count < LONGEST ? nextGroup(text, next + run) : -1;
    }
    String digits = end < 0 ? "" : Marks.digitsOf(text, at, end);
    // code 999 is kept for no country
    return digits.length() >= SHORTEST
        ? new Found(PersonalKind.PHONE, start, end, !digits.startsWith("999"), digits)
        : null;
  }

  /**
   * The place of a group of at least two digits after a separator, or of what is left out abroad.
   */
  private static int nextGroup(String text, int end) {
    if (text.startsWith(" (0)", end)) {
      return end + 2;
    }
    int next = Marks.afterSeparator(text, end);
    return next >= 0 && Marks.digits(text, next, 2) >= 2 ? next : -1;
  }

  /**
   * Ten digits in groups of 3, 3 and 4.
   *
   * @param plus whether +1 stands before, so that spaces, or nothing, may stand between
   */
  static Found northAmerican(String text, int start, int at, boolean plus) {
    boolean bracket = Marks.is(text, at, '(');
    int area = bracket ? at + 1 : at;
    if (plus && Marks.digits(text, area, 10) == 10) {
      return numbered(text, start, area, area + 10);
    }
    int exchange = group(text, area, 3, bracket || plus);
    int line = exchange < 0 ? -1 : group(text, exchange, 3, bracket || plus);
    return line >= 0 && Marks.digits(text, line, 4) == 4
        ? numbered(text, start, area, line + 4)
        : null;
  }

  /** The place after a group and a separator, or -1. */
  private static int group(String text, int at, int digits, boolean spaces) {
    if (Marks.digits(text, at, digits) != digits) {
      return -1;
    }
    return Marks.is(text, at + digits, ' ') && !spaces
        ? -1
        : Marks.afterSeparator(text, at + digits);
  }

  private static Found numbered(String text, int start, int from, int end) {
    String digits = Marks.digitsOf(text, from, end);
    if (digits.charAt(0) < '2' || digits.charAt(3) < '2' || !Marks.clearAfter(text, end)) {
      return null;
    }
    // 555-0100 to 555-0199 are kept for fiction
    boolean given = !digits.startsWith("55501", 3);
    return new Found(PersonalKind.PHONE, start, end, given, "1" + digits);
  }
}
