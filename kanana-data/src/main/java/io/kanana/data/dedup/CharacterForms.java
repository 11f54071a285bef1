package io.kanana.data.dedup;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/** What {@link Simplification} makes of each character by itself. */
final class CharacterForms {
  /** Becomes the same bytes wherever it stands. */
  static final byte PLAIN = 0;

  static final byte SPACE = 1;
  static final byte DIGIT = 2;
  static final byte HANGUL = 3;
  static final byte SURROGATE = 4;

  /** What becomes of it depends on its neighbours. */
  static final byte DEPENDENT = 5;

  static final char FIRST_SYLLABLE = '\uAC00';
  static final int SYLLABLES = 11_172;

  /** No form is longer, in bytes of UTF-8. */
  static final int LONGEST = 15;

  private static final int CHARACTERS = 1 << 16;
  private static final int LENGTH_BITS = 4;

  private final byte[] kinds = new byte[CHARACTERS];
  // offset and length in the pool
  private final int[] places = new int[CHARACTERS];
  private byte[] pool = new byte[4 * CHARACTERS];

  private static final CharacterForms FORMS = new CharacterForms();

  private CharacterForms() {
    int used = 0;
    for (int c = 0; c < CHARACTERS; c++) {
      kinds[c] = kind((char) c);
      if (kinds[c] == PLAIN) {
        byte[] form = Simplification.form((char) c).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(form, 0, pool, used, form.length);
        places[c] = used << LENGTH_BITS | form.length;
        used += form.length;
      }
    }
    pool = Arrays.copyOf(pool, used + LONGEST);
  }

  private static byte kind(char c) {
    if (Character.isSurrogate(c)) {
      return SURROGATE;
    }
    if (c >= FIRST_SYLLABLE && c < FIRST_SYLLABLE + SYLLABLES) {
      return HANGUL;
    }
    if (Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
      return DIGIT;
    }
    if (Simplification.isSpace(c)) {
      return SPACE;
    }
    return isDependent(c) ? DEPENDENT : PLAIN;
  }

  /** Sigma has a form at the end of words; marks that stay may change places. */
  private static boolean isDependent(char c) {
    boolean stays = Character.getType(c) != Character.NON_SPACING_MARK;
    return c == '\u03A3' || (stays && movesBeforeMarks(c));
  }

  private static boolean movesBeforeMarks(char c) {
    // of the highest class of marks
    String last = "a\u0345";
    return !Normalizer.normalize(last + c, Normalizer.Form.NFD).startsWith(last);
  }

  static CharacterForms table() {
    return FORMS;
  }

  byte kind(int character) {
    return kinds[character];
  }

  /**
   * Writes a plain character's form; there must be room for {@link #LONGEST} bytes.
   *
   * @return where the next one goes
   */
  int write(int character, byte[] out, int at) {
    int place = places[character];
    int from = place >>> LENGTH_BITS;
    int length = place & ((1 << LENGTH_BITS) - 1);
    for (int i = 0; i < length; i++) {
      out[at + i] = pool[from + i];
    }
    return at + length;
  }

  /** Whether a character beyond the first plane is copied as it is, wherever it stands. */
  static boolean isCopied(int codePoint) {
    boolean pictures = codePoint >= 0x1F000 && codePoint < 0x1FBF0;
    boolean ideographs = codePoint >= 0x20000 && codePoint < 0x2F800;
    return pictures || ideographs;
  }
}
