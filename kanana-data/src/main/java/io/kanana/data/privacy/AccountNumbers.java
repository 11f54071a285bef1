package io.kanana.data.privacy;

/**
 * Numbers without a check digit, of which only the sentence around them says what they are: Korean
 * bank accounts and passports.
 */
final class AccountNumbers {
  private static final int SHORTEST = 10;
  private static final int LONGEST = 14;
  private static final int SHORTEST_PLAIN = 11;
  private static final int MOST_GROUPS = 5;
  private static final String PASSPORT_LETTERS = "MSRGD";
  private static final int PASSPORT_LENGTH = 9;

  private AccountNumbers() {}

  /** Two to five groups of digits with hyphens, or digits alone; none begins with 000. */
  static Found bank(String text, int start, SentenceContext context) {
    int end = start;
    int groups = 0;
    int digits = 0;
    boolean more = true;
    while (more && groups <= MOST_GROUPS && digits <= LONGEST) {
      int run = Marks.digits(text, end, LONGEST);
      digits += run;
      end += run;
      groups++;
      more = Marks.is(text, end, '-') && Marks.isDigit(text, end + 1);
      end += more ? 1 : 0;
    }
    boolean shape =
        !more
            && groups <= MOST_GROUPS
            && digits >= (groups == 1 ? SHORTEST_PLAIN : SHORTEST)
            && digits <= LONGEST;
    if (!shape || !Marks.clearAfter(text, end) || !context.namesBank(start)) {
      return null;
    }
    String value = Marks.digitsOf(text, start, end);
    return new Found(PersonalKind.BANK_ACCOUNT, start, end, !value.startsWith("000"), value);
  }

  /** A letter and eight digits, or, since 2021, three digits, a letter and four digits. */
  static Found passport(String text, int start, SentenceContext context) {
    int end = start + PASSPORT_LENGTH;
    if (PASSPORT_LETTERS.indexOf(text.charAt(start)) < 0 || end > text.length()) {
      return null;
    }
    int digits = Marks.digits(text, start + 1, 8);
    boolean shape =
        digits == 8
            || (digits == 3
                && Marks.isLetter(text.charAt(start + 4))
                && Marks.digits(text, start + 5, 4) == 4);
    if (!shape || !Marks.clearAfter(text, end) || !context.namesPassport(start)) {
      return null;
    }
    String value = text.substring(start, end);
    return new Found(PersonalKind.PASSPORT, start, end, !value.startsWith("000", 1), value);
  }
}
