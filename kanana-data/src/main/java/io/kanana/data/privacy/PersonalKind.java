package io.kanana.data.privacy;

import java.util.Locale;

/** The kinds of personal data that are found. */
public enum PersonalKind {
  /** An address of e-mail, outside the domains that RFC 2606 keeps for examples. */
  EMAIL,
  /** A public address of IPv4 or IPv6; those of private, local and documentation ranges stay. */
  IP_ADDRESS,
  /** A telephone number: Korean, North American, or international with a plus. */
  PHONE,
  /** A Korean resident registration number. */
  RESIDENT_NUMBER,
  /** A Korean foreigner registration number. */
  FOREIGNER_NUMBER,
  /** The number of a payment card, by its issuer's prefix, length and Luhn's check digit. */
  CARD_NUMBER,
  /** A number of a Korean bank account in a sentence that names a bank or an account. */
  BANK_ACCOUNT,
  /** The number of a Korean passport in a sentence that speaks of one. */
  PASSPORT;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** What stands in its place: {@code <EMAIL>}, {@code <RESIDENT_NUMBER>}, ... */
  public String placeholder() {
    return "<" + name() + ">";
  }

  /** What counts in the metadata and configurations call it. */
  public String label() {
    return label;
  }
}
