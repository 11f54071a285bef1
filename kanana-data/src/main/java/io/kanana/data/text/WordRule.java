package io.kanana.data.text;

import java.util.function.Supplier;

/** What counts as a word. */
public enum WordRule {
  /**
   * Runs of letters, marks, numbers and underscores; every other character but white space by
   * itself.
   */
  SIMPLE(SimpleWords::new),
  /**
   * English as spaCy's rules split it: punctuation off the ends, contractions in two, abbreviations
   * and addresses whole. For any language that puts spaces between words.
   */
  ENGLISH(EnglishWords::new),
  /** Korean morphemes, found by Lucene's nori in each space-separated word by itself. */
  KOREAN(KoreanWords::new);

  @SuppressWarnings("ImmutableEnumChecker") // what it remembers cannot be observed
  private final ThreadLocal<Workspace> workspaces;

  WordRule(Supplier<WordSplitter> splitter) {
    workspaces = ThreadLocal.withInitial(() -> new Workspace(splitter.get()));
  }

  /**
   * The words of a text, valid until the same thread asks for those of another. Asked again for the
   * same string, as by the next filter of a cascade, it does not split it again.
   */
  public Words of(String text) {
    return workspaces.get().of(text);
  }

  /** Appends the words of a span of someone's characters. */
  void split(char[] chars, int from, int to, Spans out) {
    workspaces.get().splitter.split(chars, from, to, out);
  }

  private static final class Workspace {
    private static final int KEPT = 1 << 20;

    private final WordSplitter splitter;
    private Words words = new Words();

    Workspace(WordSplitter splitter) {
      this.splitter = splitter;
    }

    @SuppressWarnings("ReferenceEquality") // the same object; comparing texts would cost as much
    Words of(String text) {
      if (text != words.text()) {
        // the buffers of a giant are not kept for the rest of a thread's life
        words = words.chars().length > KEPT ? new Words() : words;
        Spans spans = words.begin(text);
        splitter.split(words.chars(), 0, words.length(), spans);
      }
      return words;
    }
  }
}
