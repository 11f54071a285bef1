package io.kanana.core.tokenizer;

import java.util.Arrays;

/**
 * The printable characters that stand for the 256 bytes in a byte-level vocabulary (GPT-2's table):
 * printable Latin-1 bytes stand for themselves, the others are numbered from U+0100.
 */
final class ByteAlphabet {
  private static final char[] CHARS = new char[256];
  private static final short[] BYTES = new short[0x100 + 68];

  static {
    Arrays.fill(BYTES, (short) -1);
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      CHARS[b] = standsForItself(b) ? (char) b : (char) next++;
      BYTES[CHARS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  private static boolean standsForItself(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }

  /** The character of a byte (0 to 255). */
  static char charOf(int b) {
    return CHARS[b];
  }

  /** The byte of a character, or -1 where it stands for none. */
  static int byteOf(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }

  /** Writes the characters of some bytes as a string. */
  static String encode(byte[] bytes, int from, int to) {
    char[] chars = new char[to - from];
    for (int i = from; i < to; i++) {
      chars[i - from] = CHARS[bytes[i] & 0xFF];
    }
    return new String(chars);
  }
}
