package io.kanana.data.privacy;

/** Numbers of payment cards (ISO/IEC 7812): 14 to 19 digits, plain or in the groups on cards. */
final class CardNumbers {
  private static final int LONGEST = 19;

  /** Lengths of the groups that stand on cards. */
  private static final int[][] GROUPS = {{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 4, 3}};

  private CardNumbers() {}

  static Found at(String text, int start) {
    int first = Marks.digits(text, start, LONGEST);
    if (first != 4) {
      return first > 13 && first <= LONGEST ? found(text, start, start + first) : null;
    }
    for (int i = GROUPS.length - 1; i >= 0; i--) {
      int end = grouped(text, start, GROUPS[i]);
      Found found = end < 0 ? null : found(text, start, end);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static int grouped(String text, int start, int[] groups) {
    int at = start + groups[0];
    char separator = at < text.length() ? text.charAt(at) : 0;
    if (separator != ' ' && separator != '-') {
      return -1;
    }
    for (int i = 1; i < groups.length; i++) {
      if (!Marks.is(text, at, separator) || Marks.digits(text, at + 1, groups[i]) != groups[i]) {
        return -1;
      }
      at += 1 + groups[i];
    }
    return at;
  }

  private static Found found(String text, int start, int end) {
    String digits = Marks.digitsOf(text, start, end);
    return isIssued(digits) && Marks.clearAfter(text, end)
        ? new Found(PersonalKind.CARD_NUMBER, start, end, luhnSum(digits) % 10 == 0, digits)
        : null;
  }

  private static boolean isIssued(String digits) {
    int four = Integer.parseInt(digits, 0, 4, 10);
    return switch (digits.length()) {
      case 14 -> (four >= 3000 && four <= 3059) || four / 100 == 36 || four / 100 == 38;
      case 15 -> four / 100 == 34 || four / 100 == 37;
      case 16 -> isOfSixteen(four);
      case 17, 18 -> four / 100 == 62;
      default -> four / 1000 == 4 || four / 100 == 62;
    };
  }

  /** Visa, Mastercard, Discover, UnionPay, JCB, and what begins with 9: Korean cards for Korea. */
  private static boolean isOfSixteen(int four) {
    return four / 1000 == 4
        || four / 1000 == 9
        || (four >= 5100 && four <= 5599)
        || (four >= 2221 && four <= 2720)
        || four == 6011
        || (four >= 6440 && four <= 6599)
        || four / 100 == 62
        || (four >= 3528 && four <= 3589);
  }

  /** A multiple of ten where the last digit is right (ISO/IEC 7812-1, annex B). */
  static int luhnSum(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum;
  }
}
