package io.kanana.data.text;

import java.util.Arrays;

/**
 * {@link WordRule#ENGLISH}: what spaCy's rules for English do to a space-separated word. Prefixes
 * and suffixes of punctuation are taken off as long as there are any, unless what is left is an
 * {@linkplain EnglishExceptions exception}; then it is an address, or is cut at what stands between
 * letters.
 *
 * <p>The differences to spaCy are listed in {@code docs/guides/filters.md}.
 */
final class EnglishWords implements WordSplitter {
  private final WordSplitter words = new SpacedSplitter(new CachedSplitter(this::piece));

  /** Where suffixes begin that were taken off, the outermost first. */
  private int[] suffixes = new int[16];

  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    words.split(chars, from, to, out);
  }

  private void piece(char[] chars, int from, int to, Spans out) {
    int start = from;
    int end = to;
    int taken = 0;
    while (start < end && !EnglishExceptions.has(chars, start, end)) {
      int prefix = EnglishAffixes.prefix(chars, start, end);
      if (prefix > 0 && EnglishExceptions.has(chars, start + prefix, end)) {
        out.add(start, start += prefix);
        break;
      }
      int suffix = EnglishAffixes.suffix(chars, start + prefix, end);
      if (prefix + suffix == 0) {
        break;
      }
      if (suffix > 0) {
        push(taken++, end - suffix);
        if (EnglishExceptions.has(chars, start, end -= suffix)) {
          break;
        }
      }
      if (prefix > 0) {
        out.add(start, start += prefix);
      }
    }
    middle(chars, start, end, out);
    addSuffixes(taken, to, out);
  }

  private void push(int at, int start) {
    if (at == suffixes.length) {
      suffixes = Arrays.copyOf(suffixes, 2 * at);
    }
    suffixes[at] = start;
  }

  private void addSuffixes(int taken, int to, Spans out) {
    for (int i = taken - 1; i >= 0; i--) {
      out.add(suffixes[i], i == 0 ? to : suffixes[i - 1]);
    }
  }

  private static void middle(char[] chars, int from, int to, Spans out) {
    if (from == to || EnglishExceptions.copy(chars, from, to, out)) {
      return;
    }
    if (isPlain(chars, from, to) || AddressShape.matches(chars, from, to)) {
      out.add(from, to);
      return;
    }
    int start = from;
    int at = from + 1;
    while (at < to) {
      int infix = EnglishAffixes.infix(chars, from, at, to);
      if (infix > 0) {
        if (at > start) {
          out.add(start, at);
        }
        out.add(at, at + infix);
        start = at + infix;
      }
      at += Math.max(infix, 1);
    }
    if (start < to) {
      out.add(start, to);
    }
  }

  private static boolean isPlain(char[] chars, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Characters.isLetter(chars[i])) {
        return false;
      }
    }
    return true;
  }
}
