package io.kanana.data.dedup;

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
  private static final int VOWELS = 21;
  private static final int TAILS = 28;

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

  private static final class Pass {
    private final char[] text;
    private byte[] out;
    private int at;

    Pass(char[] text) {
      this.text = text;
      this.out = new byte[text.length + (text.length >> 1) + CharacterForms.LONGEST + 1];
    }

    /** Whether it came to the end. */
    boolean run() {
      boolean space = false;
      for (int i = 0; i < text.length; ) {
        char c = text[i];
        byte kind = FORMS.kind(c);
        if (kind == CharacterForms.SPACE) {
          space = true;
          i++;
          continue;
        }
        makeRoom();
        if (space) {
          out[at++] = ' ';
          space = false;
        }
        if (kind == CharacterForms.PLAIN) {
          at = FORMS.write(c, out, at);
          i++;
        } else if (kind == CharacterForms.HANGUL) {
          writeSyllable(c - CharacterForms.FIRST_SYLLABLE);
          i++;
        } else if (kind == CharacterForms.DIGIT) {
          out[at++] = '0';
          i = numberEnd(i);
        } else if (kind == CharacterForms.SURROGATE && copyPair(i)) {
          i += 2;
        } else {
          return false;
        }
      }
      return true;
    }

    private void makeRoom() {
      if (at + CharacterForms.LONGEST + 1 > out.length) {
        out = Arrays.copyOf(out, 2 * out.length);
      }
    }

    private void writeSyllable(int index) {
      int lead = 0x1100 + index / (VOWELS * TAILS);
      int vowel = 0x1161 + index / TAILS % VOWELS;
      int tail = index % TAILS;
      write3(lead);
      write3(vowel);
      if (tail > 0) {
        write3(0x11A7 + tail);
      }
    }

    private void write3(int c) {
      out[at] = (byte) (0xE0 | c >> 12);
      out[at + 1] = (byte) (0x80 | (c >> 6 & 0x3F));
      out[at + 2] = (byte) (0x80 | (c & 0x3F));
      at += 3;
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
