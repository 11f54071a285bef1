package io.kanana.data.privacy;

import io.kanana.core.checkpoint.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Values that look right and belong to nobody. The same value always has the same fake, drawn by
 * HMAC-SHA-256 under a seed that should be kept to oneself: who has it can try values out.
 *
 * <p>E-mail goes to the domains of RFC 2606, addresses to the networks of RFC 5737 and RFC 3849,
 * telephone numbers to exchanges that begin with a zero, to 555-01xx and to country code 999;
 * registration numbers are born on the thirtieth of February, cards fail Luhn's check, accounts and
 * passports begin with zeros. Immutable.
 */
final class Fakes {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BANDS = 3;
  private static final String[] NETWORKS = {"192.0.2.", "198.51.100.", "203.0.113."};
  private static final String[] DOMAINS = {"example.com", "example.net", "example.org"};

  private final SecretKeySpec key;

  Fakes(long seed) {
    byte[] words = ("kanana personal data " + seed).getBytes(StandardCharsets.UTF_8);
    this.key = new SecretKeySpec(Sha256.bytesOf(words), ALGORITHM);
  }

  String of(Found found, String text) {
    byte[] draw = draw(found.kind().name() + " " + found.value());
    String original = text.substring(found.start(), found.end());
    return switch (found.kind()) {
      case EMAIL -> "user" + HexFormat.of().formatHex(draw, 1, 6) + "@" + DOMAINS[band(draw)];
      case IP_ADDRESS -> original.indexOf(':') < 0 ? v4(draw) : v6(draw);
      case PHONE -> phone(original, found.value(), draw);
      case RESIDENT_NUMBER -> filled(original, registration(draw, '1'));
      case FOREIGNER_NUMBER -> filled(original, registration(draw, '5'));
      case CARD_NUMBER -> filled(original, card(found.value(), draw));
      case BANK_ACCOUNT -> filled(original, "0000" + digits(draw, found.value().length() - 4));
      case PASSPORT -> filled(original, "000" + digits(draw, digitsIn(original) - 3));
    };
  }

  private byte[] draw(String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static int band(byte[] draw) {
    return (draw[0] & 0xFF) % BANDS;
  }

  private static String v4(byte[] draw) {
    return NETWORKS[band(draw)] + (draw[1] & 0xFF);
  }

  private static String v6(byte[] draw) {
    HexFormat hex = HexFormat.of();
    return String.format(
        Locale.ROOT, "2001:db8:%s::%s", hex.formatHex(draw, 0, 2), hex.formatHex(draw, 2, 4));
  }

  private static String digits(byte[] draw, int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append((draw[i] & 0xFF) % 10);
    }
    return digits.toString();
  }

  /** The original's punctuation with the last of its digits replaced by others. */
  private static String filled(String original, String digits) {
    char[] filled = original.toCharArray();
    int next = digits.length();
    for (int i = filled.length - 1; i >= 0 && next > 0; i--) {
      if (Marks.isDigit(filled[i])) {
        filled[i] = digits.charAt(--next);
      }
    }
    return new String(filled);
  }

  private static int digitsIn(String text) {
    return Marks.digitsOf(text, 0, text.length()).length();
  }

  private static String phone(String original, String value, byte[] draw) {
    if (value.startsWith("82 ")) {
      int subscriber = value.length() - value.lastIndexOf(' ') - 1;
      return filled(original, "0" + digits(draw, subscriber - 1));
    }
    return value.startsWith("1")
        ? filled(original, "20255501" + digits(draw, 2))
        : filled(original, "999" + digits(draw, value.length() - 3));
  }

  /** Neither the date nor the check digit is right. */
  private static String registration(byte[] draw, char century) {
    String digits = digits(draw, 8);
    char own = (char) (century + (draw[8] & 3));
    String head = digits.substring(0, 2) + "0230" + own + digits.substring(2, 7);
    return head + (RegistrationNumbers.checkDigit(head) + 1) % 10;
  }

  private static String card(String value, byte[] draw) {
    String head = value.substring(0, 4) + digits(draw, value.length() - 5);
    int right = (10 - CardNumbers.luhnSum(head + "0") % 10) % 10;
    return head + (right + 1) % 10;
  }
}
