package io.kanana.data.dedup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A simplified text in UTF-8, in {@code bytes} from {@code from} up to {@code to}: what {@link
 * Simplification} gives, in one pass over the characters. Texts with a character whose form depends
 * on its neighbours (capital sigma, some marks of Indic scripts, letters of rare scripts) go the
 * slow way.
 */
record SimplifiedText(byte[] bytes, int from, int to) {
  private static final CharacterForms FORMS = CharacterForms.table();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int VOWELS = 21;
  private static final int TAILS = 28;

  /** Bytes of a letter of Hangul in UTF-8. */
  private static final int LETTER = 3;

  /** More than one step of a pass writes. */
  private static final int ROOM = CharacterForms.LONGEST + 1;

  /** The form of each character; 0 for digits. */
  private static final byte[] ASCII = ascii();

  /** Two letters as they stand in memory, by syllable without tail; and the tails. */
  private static final long[] LEADS_AND_VOWELS = leadsAndVowels();

  private static final int[] TAIL = tails();

  private static byte[] ascii() {
    byte[] forms = new byte[0x80];
    byte[] form = new byte[CharacterForms.LONGEST];
    for (int c = 0; c < forms.length; c++) {
      if (FORMS.kind(c) == CharacterForms.SPACE) {
        forms[c] = ' ';
      } else if (FORMS.kind(c) == CharacterForms.PLAIN) {
        FORMS.write(c, form, 0);
        forms[c] = form[0];
      }
    }
    return forms;
  }

  private static long[] leadsAndVowels() {
    long[] pairs = new long[CharacterForms.SYLLABLES / TAILS];
    for (int i = 0; i < pairs.length; i++) {
      long vowel = utf8(0x1161 + i % VOWELS);
      pairs[i] = vowel << (LETTER * Byte.SIZE) | utf8(0x1100 + i / VOWELS);
    }
    return pairs;
  }

  private static int[] tails() {
    int[] tails = new int[TAILS];
    for (int i = 1; i < TAILS; i++) {
      tails[i] = utf8(0x11A7 + i);
    }
    return tails;
  }

  /** Three bytes, the first in the lowest. */
  private static int utf8(int c) {
    return 0xE0 | c >> 12 | (0x80 | (c >> 6 & 0x3F)) << 8 | (0x80 | (c & 0x3F)) << 16;
  }

  static SimplifiedText of(String text) {
    Pass pass = new Pass(text.toCharArray());
    return pass.run() ? pass.stripped() : whole(Simplification.of(text));
  }

  /** All of a text as it is. */
  static SimplifiedText whole(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new SimplifiedText(bytes, 0, bytes.length);
  }

  @Override
  public String toString() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** The text up to {@code at} stands in {@code out}; what a call needs is kept in its locals. */
  private static final class Pass {
    private final char[] text;
    private byte[] out;
    private int at;

    Pass(char[] text) {
      this.text = text;
      this.out = new byte[text.length + (text.length >> 1) + ROOM];
    }

    /** Whether it came to the end. */
    boolean run() {
      int i = 0;
      while (i < text.length) {
        makeRoom();
        i = ascii(i);
        if (i < text.length && out.length - at >= ROOM) {
          i = other(i);
          if (i < 0) {
            return false;
          }
        }
      }
      return true;
    }

    private void makeRoom() {
      if (out.length - at < ROOM) {
        out = Arrays.copyOf(out, 2 * out.length);
      }
    }

    /**
     * Goes on over characters of ASCII but digits, as far as there is room; most text is nothing
     * else, so nothing here depends on whether a space or a letter comes.
     */
    private int ascii(int from) {
      char[] chars = text;
      byte[] bytes = out;
      int end = Math.min(chars.length, from + bytes.length - ROOM - at);
      int to = at;
      int afterSpace = from > 0 && FORMS.kind(chars[from - 1]) == CharacterForms.SPACE ? 1 : 0;
      int i = from;
      for (; i < end; i++) {
        int c = chars[i];
        if (c >= ASCII.length || ASCII[c] == 0) {
          break;
        }
        byte form = ASCII[c];
        int space = ((form ^ ' ') - 1) >>> (Integer.SIZE - 1);
        bytes[to] = form;
        to += 1 - (space & afterSpace);
        afterSpace = space;
      }
      at = to;
      return i;
    }

    /** Goes on over one character, or a number, or Hangul; negative where it cannot. */
    private int other(int i) {
      char c = text[i];
      switch (FORMS.kind(c)) {
        case CharacterForms.HANGUL -> {
          return syllables(i);
        }
        case CharacterForms.PLAIN -> at = FORMS.write(c, out, at);
        case CharacterForms.SPACE -> space(i);
        case CharacterForms.DIGIT -> {
          out[at++] = '0';
          return numberEnd(i);
        }
        case CharacterForms.SURROGATE -> {
          return copyPair(i) ? i + 2 : -1;
        }
        default -> {
          return -1;
        }
      }
      return i + 1;
    }

    private void space(int i) {
      if (i == 0 || FORMS.kind(text[i - 1]) != CharacterForms.SPACE) {
        out[at++] = ' ';
      }
    }

    private int syllables(int from) {
      byte[] bytes = out;
      int end = Math.min(text.length, from + (bytes.length - at) / ROOM);
      int to = at;
      int i = from;
      for (; i < end; i++) {
        int index = text[i] - CharacterForms.FIRST_SYLLABLE;
        if (index < 0 || index >= CharacterForms.SYLLABLES) {
          break;
        }
        int open = index / TAILS;
        int tail = index - open * TAILS;
        // more than the letters have, in bytes that are written again or left out
        LONGS.set(bytes, to, LEADS_AND_VOWELS[open]);
        INTS.set(bytes, to + 2 * LETTER, TAIL[tail]);
        to += tail == 0 ? 2 * LETTER : 3 * LETTER;
      }
      at = to;
      return i;
    }

    /** The end of the number that begins here: digits, and once a separator with digits after. */
    private int numberEnd(int begin) {
      int end = digitsEnd(begin);
      boolean fraction = end + 1 < text.length && isSeparator(text[end]) && isDigit(text[end + 1]);
      return fraction ? digitsEnd(end + 1) : end;
    }

    private int digitsEnd(int begin) {
      int end = begin;
      while (end < text.length && isDigit(text[end])) {
        end++;
      }
      return end;
    }

    private static boolean isDigit(char c) {
      return FORMS.kind(c) == CharacterForms.DIGIT;
    }

    private static boolean isSeparator(char c) {
      return c == '.'
          || c == ','
          || c == '\u060C'
          || c == '\u066B'
          || (c >= '\u2396' && c <= '\u2398');
    }

    private boolean copyPair(int i) {
      int c = Character.codePointAt(text, i);
      if (!CharacterForms.isCopied(c)) {
        return false;
      }
      out[at] = (byte) (0xF0 | c >> 18);
      out[at + 1] = (byte) (0x80 | (c >> 12 & 0x3F));
      out[at + 2] = (byte) (0x80 | (c >> 6 & 0x3F));
      out[at + 3] = (byte) (0x80 | (c & 0x3F));
      at += 4;
      return true;
    }

    SimplifiedText stripped() {
      int from = 0;
      int to = at;
      while (from < to && out[from] == ' ') {
        from++;
      }
      while (from < to && out[to - 1] == ' ') {
        to--;
      }
      return new SimplifiedText(out, from, to);
    }
  }
}
