package io.kanana.data.privacy;

/**
 * Korean registration numbers of residents and foreigners: the date of birth, a digit for century,
 * sex and nationality, and six more, of which the last checks the others. Numbers given out since
 * October 2020 are drawn at random and have no check digit.
 */
final class RegistrationNumbers {
  private static final int[] WEIGHTS = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
  private static final int LENGTH = 13;
  private static final int DATE = 6;

  /** The first month of births without a check digit, as year and month. */
  private static final int WITHOUT_CHECK = 202010;

  private RegistrationNumbers() {}

  static Found at(String text, int start, CheckDigit check) {
    int first = Marks.digits(text, start, LENGTH);
    int end = first == LENGTH ? start + LENGTH : hyphenated(text, start, first);
    if (end < 0 || !Marks.clearAfter(text, end)) {
      return null;
    }
    String digits = Marks.digitsOf(text, start, end);
    boolean plain = first == LENGTH;
    PersonalKind kind = kind(digits);
    if (isReserved(digits)) {
      return new Found(kind, start, end, false, digits);
    }
    if (!isDate(digits)) {
      return null;
    }
    boolean sound = hasCheckDigit(digits) || (!plain && mayLack(digits, check));
    // thirteen digits in a row may be anything else
    return sound || !plain ? new Found(kind, start, end, sound, digits) : null;
  }

  private static int hyphenated(String text, int start, int first) {
    int at = start + first;
    boolean spaced = Marks.is(text, at, ' ');
    if (first != DATE || !Marks.is(text, spaced ? ++at : at, '-')) {
      return -1;
    }
    at += Marks.is(text, at + 1, ' ') ? 2 : 1;
    return Marks.digits(text, at, LENGTH - DATE) == LENGTH - DATE ? at + LENGTH - DATE : -1;
  }

  private static PersonalKind kind(String digits) {
    char century = digits.charAt(DATE);
    return century >= '5' && century <= '8'
        ? PersonalKind.FOREIGNER_NUMBER
        : PersonalKind.RESIDENT_NUMBER;
  }

  /** The thirtieth of February: what fakes are born on. */
  private static boolean isReserved(String digits) {
    return digits.startsWith("0230", 2);
  }

  private static boolean isDate(String digits) {
    int month = Integer.parseInt(digits, 2, 4, 10);
    int day = Integer.parseInt(digits, 4, DATE, 10);
    int longest = month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    return month >= 1 && month <= 12 && day >= 1 && day <= longest;
  }

  private static boolean mayLack(String digits, CheckDigit check) {
    return switch (check) {
      case ALWAYS -> false;
      case NEVER -> true;
      case BY_BIRTH -> monthOfBirth(digits) >= WITHOUT_CHECK;
    };
  }

  private static int monthOfBirth(String digits) {
    int century =
        switch (digits.charAt(DATE)) {
          case '9', '0' -> 18;
          case '3', '4', '7', '8' -> 20;
          default -> 19;
        };
    return century * 10_000 + Integer.parseInt(digits, 0, 4, 10);
  }

  private static boolean hasCheckDigit(String digits) {
    return digits.charAt(LENGTH - 1) - '0' == checkDigit(digits);
  }

  /** The digit that belongs after the first twelve. */
  static int checkDigit(String digits) {
    int sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      sum += WEIGHTS[i] * (digits.charAt(i) - '0');
    }
    int foreigner = kind(digits) == PersonalKind.FOREIGNER_NUMBER ? 2 : 0;
    return (11 - sum % 11 + foreigner) % 10;
  }
}
