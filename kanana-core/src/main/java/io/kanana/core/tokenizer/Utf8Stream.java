package io.kanana.core.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes to text, piece by piece: what is not UTF-8 becomes one U+FFFD per maximal subpart (Unicode
 * 16, section 3.9, table 3-11), and a character that may still be completed is held back.
 */
final class Utf8Stream {
  private byte[] bytes = new byte[16];
  private int size;

  /** Adds the bytes that a byte-level token stands for, or those of its text if it has others. */
  void addToken(String token) {
    int length = token.length();
    reserve(3 * length);
    int start = size;
    for (int i = 0; i < length; i++) {
      int b = ByteAlphabet.byteOf(token.charAt(i));
      if (b < 0) {
        size = start;
        add(token.getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[size++] = (byte) b;
    }
  }

  private void add(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  /** The text that is certain; the rest waits for more bytes. */
  String take() {
    return decode(false);
  }

  /** All the text that is left. */
  String finish() {
    return decode(true);
  }

  private String decode(boolean last) {
    StringBuilder text = new StringBuilder(size);
    int at = 0;
    while (at < size) {
      int length = validLength(at);
      if (length > 0) {
        text.appendCodePoint(codePoint(at, length));
        at += length;
      } else if (!last && at - length == size && begins(bytes[at] & 0xFF)) {
        break;
      } else {
        text.append('\uFFFD');
        at -= length;
      }
    }
    System.arraycopy(bytes, at, bytes, 0, size - at);
    size -= at;
    return text.toString();
  }

  /**
   * The length of the character at an index; if there is none, minus the length of the maximal
   * subpart, at least 1. A subpart that reaches the end of the bytes may be an unfinished
   * character.
   */
  private int validLength(int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0) {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      if (at + i == size || !continues(first, i, bytes[at + i] & 0xFF)) {
        return -i;
      }
    }
    return length;
  }

  /** Whether a byte begins a character of several bytes. */
  private static boolean begins(int b) {
    return b >= 0xC2 && b < 0xF5;
  }

  private static boolean continues(int first, int i, int next) {
    int low = 0x80;
    int high = 0xBF;
    if (i == 1) {
      switch (first) {
        case 0xE0 -> low = 0xA0;
        case 0xED -> high = 0x9F;
        case 0xF0 -> low = 0x90;
        case 0xF4 -> high = 0x8F;
        default -> {}
      }
    }
    return next >= low && next <= high;
  }

  private int codePoint(int at, int length) {
    int first = bytes[at] & 0xFF;
    int value = length == 1 ? first : first & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      value = value << 6 | (bytes[at + i] & 0x3F);
    }
    return value;
  }
}
