package io.kanana.data.privacy;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds what looks like personal data in one pass from left to right, without backtracking over
 * more than a few dozen characters: the time is linear in the text's length, whatever it holds.
 *
 * @param check what registration numbers need
 */
record PersonalDataScanner(CheckDigit check) {
  /** All places in order, without overlaps; what is not personal among them. */
  List<Found> scan(String text) {
    List<Found> all = new ArrayList<>();
    SentenceContext context = new SentenceContext(text);
    int i = 0;
    int after = 0;
    while (i < text.length()) {
      Found found = text.charAt(i) < 0x80 ? at(text, i, after, context) : null;
      if (found == null) {
        i++;
      } else {
        all.add(found);
        i = found.end();
        after = i;
      }
    }
    return all;
  }

  /**
   * @param after where the last place ends: what follows it begins there, as it will when something
   *     else stands in that place
   */
  private Found at(String text, int i, int after, SentenceContext context) {
    char c = text.charAt(i);
    if (Emails.isLocal(c) && (i == after || !Emails.isLocal(text.charAt(i - 1)))) {
      Found email = Emails.at(text, i);
      if (email != null) {
        return email;
      }
    }
    if (!isBegin(c) || !(i == after || Marks.clearBefore(text, i))) {
      return null;
    }
    return switch (c) {
      case '+' -> Phones.international(text, i);
      case '(' -> bracketed(text, i);
      case '0' -> zero(text, i, context);
      default ->
          Marks.isDigit(c) ? digits(text, i, context) : AccountNumbers.passport(text, i, context);
    };
  }

  private static boolean isBegin(char c) {
    return Marks.isDigit(c) || Marks.isLetter(c) || c == '+' || c == '(';
  }

  private static Found bracketed(String text, int i) {
    if (!Marks.is(text, i + 1 + Marks.digits(text, i + 1, 4), ')')) {
      return null; // what stands in brackets begins after them
    }
    return Marks.is(text, i + 1, '0')
        ? Phones.korean(text, i)
        : Phones.northAmerican(text, i, i, false);
  }

  private Found zero(String text, int i, SentenceContext context) {
    Found phone = Phones.korean(text, i);
    return phone != null ? phone : digits(text, i, context);
  }

  private Found digits(String text, int i, SentenceContext context) {
    Found found = RegistrationNumbers.at(text, i, check);
    if (found == null) {
      found = CardNumbers.at(text, i);
    }
    if (found == null) {
      found = IpAddresses.v4(text, i);
    }
    if (found == null) {
      found = IpAddresses.v6(text, i);
    }
    if (found == null) {
      found = northAmerican(text, i);
    }
    return found == null ? AccountNumbers.bank(text, i, context) : found;
  }

  private static Found northAmerican(String text, int i) {
    boolean one = Marks.is(text, i, '1') && Marks.is(text, i + 1, '-');
    return Phones.northAmerican(text, i, one ? i + 2 : i, false);
  }
}
