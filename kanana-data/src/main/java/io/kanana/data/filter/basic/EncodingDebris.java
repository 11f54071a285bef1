package io.kanana.data.filter.basic;

import java.nio.charset.Charset;
import java.util.BitSet;

/**
 * Counts characters that stem from reading text in a wrong encoding. One pass; what a pair of
 * letters such as {@code Ã©} may rightly mean in a French text is left to the threshold.
 */
final class EncodingDebris {
  private static final int SYLLABLES = 11_172;
  private static final int FIRST_SYLLABLE = 0xAC00;

  /** Fewer syllables say nothing about a text. */
  private static final int FEW_SYLLABLES = 20;

  /** The share of uncommon syllables beyond which Hangul is debris; in prose it is below 0.01. */
  private static final double UNCOMMON = 0.1;

  /** Pairs of Latin letters in a row that stand for syllables of EUC-KR. */
  private static final int PAIRS = 2;

  private static final byte[] WINDOWS_1252 = windows1252();
  private static final BitSet COMMON = common();

  private EncodingDebris() {}

  /** The byte of Windows-1252 for characters from U+0100 up to U+2123; 0 for none. */
  private static byte[] windows1252() {
    byte[] bytes = new byte[0x2123];
    Charset charset = Charset.forName("windows-1252");
    for (int b = 0x80; b < 0xA0; b++) {
      char c = new String(new byte[] {(byte) b}, charset).charAt(0);
      if (c >= 0x100 && c < bytes.length) {
        bytes[c] = (byte) b;
      }
    }
    return bytes;
  }

  /** The 2,350 syllables of KS X 1001, nearly all that Korean prose uses. */
  private static BitSet common() {
    BitSet common = new BitSet(SYLLABLES);
    Charset charset = Charset.forName("EUC-KR");
    for (int lead = 0xB0; lead <= 0xC8; lead++) {
      for (int trail = 0xA1; trail <= 0xFE; trail++) {
        char c = new String(new byte[] {(byte) lead, (byte) trail}, charset).charAt(0);
        if (isSyllable(c)) {
          common.set(c - FIRST_SYLLABLE);
        }
      }
    }
    return common;
  }

  private static boolean isSyllable(char c) {
    return c >= FIRST_SYLLABLE && c < FIRST_SYLLABLE + SYLLABLES;
  }

  /** Debris among the characters that are no white space, 0 to 1. */
  static double share(String text) {
    long ink = 0;
    long debris = 0;
    long foreign = 0;
    long syllables = 0;
    long uncommon = 0;
    int known = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ink += Character.isWhitespace(c) ? 0 : 1;
      if (c >= 0x80) {
        foreign++;
        syllables += isSyllable(c) ? 1 : 0;
        uncommon += isSyllable(c) && !COMMON.get(c - FIRST_SYLLABLE) ? 1 : 0;
        int end = i < known ? known : end(text, i);
        debris += i < end || c == '\uFFFD' ? 1 : 0;
        known = end;
      }
    }
    boolean strange = syllables >= FEW_SYLLABLES && uncommon > UNCOMMON * syllables;
    return ink == 0 ? 0 : (double) (strange ? foreign : debris) / ink;
  }

  /** The end of the debris that begins here; the place itself where there is none. */
  private static int end(String text, int at) {
    int sequence = sequenceEnd(text, at);
    return sequence > at ? sequence : pairsEnd(text, at);
  }

  /** UTF-8 in characters of a byte each. */
  private static int sequenceEnd(String text, int at) {
    int lead = byteOf(text, at);
    int more = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    for (int i = 1; i <= more; i++) {
      int next = byteOf(text, at + i);
      if (next < 0x80 || next > 0xBF) {
        return at;
      }
    }
    return more == 0 ? at : at + 1 + more;
  }

  /** The byte that a single-byte encoding reads as this character; 0 where there is none. */
  private static int byteOf(String text, int at) {
    char c = at < text.length() ? text.charAt(at) : 0;
    if (c < 0x100) {
      return c;
    }
    return c < WINDOWS_1252.length ? WINDOWS_1252[c] & 0xFF : 0;
  }

  /** Syllables of EUC-KR in characters of a byte each. */
  private static int pairsEnd(String text, int at) {
    int end = at;
    while (isPair(text, end)) {
      end += 2;
    }
    return end - at >= 2 * PAIRS ? end : at;
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && text.charAt(at) >= 0xB0
        && text.charAt(at) <= 0xC8
        && text.charAt(at + 1) >= 0xA1
        && text.charAt(at + 1) <= 0xFE;
  }
}
