package io.kanana.core.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * Unicode normalization that keeps track of where each character came from (UAX #15).
 *
 * <p>A decomposition's later characters stand for what its first one stands for; a composed
 * character stands for the first of the characters it was made of.
 */
final class UnicodeForms {
  /** Below this, no character takes part in a composition with one before it. */
  private static final int FIRST_MARK = 0x300;

  /** U+0345 has the highest combining class there is, which makes it a probe for others. */
  private static final String HIGHEST_CLASS = "\u0345";

  private UnicodeForms() {}

  /**
   * A character on its way, and how many source characters it lags (positive) or swallows
   * (negative).
   */
  private record Piece(int codePoint, int change) {}

  static Text normalize(Form form, Text text, int from, int to) {
    String source = text.substring(from, to);
    if (Normalizer.isNormalized(source, form)) {
      return text.slice(from, to);
    }
    Text.Builder builder = new Text.Builder(to - from, text.aligned());
    for (int start = from; start < to; ) {
      int end = segmentEnd(text.chars(), start, to);
      normalizeSegment(form, text, start, end, builder);
      start = end;
    }
    return builder.build();
  }

  private static int segmentEnd(char[] chars, int start, int to) {
    int end = start + 1;
    while (end < to && chars[end] >= FIRST_MARK) {
      end++;
    }
    return end;
  }

  private static void normalizeSegment(
      Form form, Text text, int from, int to, Text.Builder builder) {
    String source = text.substring(from, to);
    if (Normalizer.isNormalized(source, form)) {
      builder.append(text, from, to);
      return;
    }
    boolean compatible = form == Form.NFKC || form == Form.NFKD;
    List<Piece> pieces = decompose(source, compatible ? Form.NFKD : Form.NFD);
    if (form == Form.NFC || form == Form.NFKC) {
      pieces = compose(pieces);
    }
    int next = from;
    int origin = from;
    for (Piece piece : pieces) {
      if (piece.change <= 0) {
        origin = next;
        for (int n = piece.change; n <= 0 && next < to; n++) {
          next += CharClasses.width(text.chars(), next);
        }
      }
      builder.append(Character.toString(piece.codePoint), text, Math.min(origin, to - 1));
    }
  }

  private static List<Piece> decompose(String source, Form form) {
    List<Piece> pieces = new ArrayList<>(source.length());
    source
        .codePoints()
        .forEach(
            c -> {
              int[] parts =
                  Normalizer.normalize(Character.toString(c), form).codePoints().toArray();
              for (int i = 0; i < parts.length; i++) {
                pieces.add(new Piece(parts[i], i == 0 ? 0 : 1));
              }
            });
    orderMarks(pieces);
    return pieces;
  }

  /** Canonical ordering: runs of combining marks are sorted by class, stably. */
  private static void orderMarks(List<Piece> pieces) {
    for (int i = 0; i < pieces.size(); i++) {
      int end = i;
      while (end < pieces.size() && !isStarter(pieces.get(end).codePoint)) {
        end++;
      }
      if (end - i > 1) {
        pieces.subList(i, end).sort((a, b) -> compareClasses(a.codePoint, b.codePoint));
      }
      i = Math.max(i, end - 1);
    }
  }

  private static List<Piece> compose(List<Piece> pieces) {
    List<Piece> result = new ArrayList<>(pieces.size());
    int starter = -1;
    int lastMark = -1;
    for (Piece piece : pieces) {
      boolean isStarter = isStarter(piece.codePoint);
      if (starter >= 0 && !blocked(lastMark, piece.codePoint, isStarter)) {
        Piece base = result.get(starter);
        int composed = composed(base.codePoint, piece.codePoint);
        if (composed >= 0) {
          result.set(starter, new Piece(composed, base.change + piece.change - 1));
          continue;
        }
      }
      result.add(piece);
      lastMark = isStarter ? -1 : piece.codePoint;
      starter = isStarter ? result.size() - 1 : starter;
    }
    return result;
  }

  /** Whether a mark that stayed stands between the starter and this character. */
  private static boolean blocked(int lastMark, int codePoint, boolean isStarter) {
    return lastMark >= 0 && (isStarter || compareClasses(lastMark, codePoint) >= 0);
  }

  private static int composed(int first, int second) {
    String pair = Character.toString(first) + Character.toString(second);
    String result = Normalizer.normalize(pair, Form.NFC);
    return result.codePointCount(0, result.length()) == 1 ? result.codePointAt(0) : -1;
  }

  private static boolean isStarter(int codePoint) {
    if (codePoint < FIRST_MARK) {
      return true;
    }
    String mark = Character.toString(codePoint);
    return !mark.equals(HIGHEST_CLASS) && Normalizer.isNormalized(HIGHEST_CLASS + mark, Form.NFD);
  }

  /** Compares the canonical combining classes of two marks by seeing whether they change places. */
  private static int compareClasses(int a, int b) {
    String first = Character.toString(a);
    String second = Character.toString(b);
    if (!Normalizer.isNormalized(first + second, Form.NFD)) {
      return 1;
    }
    return Normalizer.isNormalized(second + first, Form.NFD) ? 0 : -1;
  }
}
