package io.kanana.core.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** The {@code pre_tokenizer} part of a tokenizer: cuts text into the pieces that merges stay in. */
sealed interface PreTokenizer {
  /** Receives pieces from left to right. */
  @FunctionalInterface
  interface PieceSink {
    void piece(Text text, int from, int to);
  }

  /** Hands the pieces of {@code text[from, to)} to the sink; empty ones are left out. */
  void split(Text text, int from, int to, PieceSink sink);

  /** Whether the pieces are to be read as bytes ({@link ByteAlphabet}) rather than characters. */
  default boolean byteLevel() {
    return false;
  }

  /** Whether cutting depends on where in the caller's text a piece stands. */
  default boolean needsAlignment() {
    return false;
  }

  /**
   * The scanner that does all the cutting, where there is one; otherwise null. Who has it need not
   * hand pieces from part to part.
   */
  default WordScanner scanner() {
    return null;
  }

  /** What becomes of the delimiters that a {@link Split} finds. */
  enum Behavior {
    REMOVED("Removed"),
    ISOLATED("Isolated"),
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    MERGED_WITH_NEXT("MergedWithNext"),
    CONTIGUOUS("Contiguous");

    private final String key;

    Behavior(String key) {
      this.key = key;
    }

    /** The name in {@code tokenizer.json}. */
    String key() {
      return key;
    }
  }

  /** Cuts at the matches of a pattern. */
  record Split(SplitPattern pattern, Behavior behavior, boolean invert) implements PreTokenizer {
    @Override
    public WordScanner scanner() {
      return behavior == Behavior.ISOLATED ? pattern.scanner() : null;
    }

    @Override
    public void split(Text text, int from, int to, PieceSink sink) {
      switch (behavior) {
        case ISOLATED -> pattern.find(text.chars(), from, to, (s, e, m) -> sink.piece(text, s, e));
        case REMOVED ->
            pattern.find(
                text.chars(),
                from,
                to,
                (s, e, m) -> {
                  if (m == invert) {
                    sink.piece(text, s, e);
                  }
                });
        default -> merged(text, from, to, sink);
      }
    }

    private void merged(Text text, int from, int to, PieceSink sink) {
      SpanJoiner joiner = new SpanJoiner(behavior, (s, e) -> sink.piece(text, s, e));
      pattern.find(text.chars(), from, to, (s, e, m) -> joiner.add(s, e, m != invert));
      joiner.finish();
    }
  }

  /** Cuts digits from the rest. */
  record Digits(boolean individual) implements PreTokenizer {
    @Override
    public void split(Text text, int from, int to, PieceSink sink) {
      char[] chars = text.chars();
      int start = from;
      boolean digits = false;
      for (int i = from; i < to; i += CharClasses.width(chars, i)) {
        boolean digit = CharClasses.at(chars, i) == CharClasses.NUMBER;
        if (i > start && (digit != digits || (digit && individual))) {
          sink.piece(text, start, i);
          start = i;
        }
        digits = digit;
      }
      if (start < to) {
        sink.piece(text, start, to);
      }
    }
  }

  /** Reads pieces as bytes; cuts words as GPT-2 does if {@code useRegex}. */
  record ByteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex)
      implements PreTokenizer {
    private static final Gpt2Scanner WORDS = new Gpt2Scanner();

    boolean cuts() {
      return addPrefixSpace || useRegex;
    }

    @Override
    public WordScanner scanner() {
      return useRegex && !addPrefixSpace ? WORDS : null;
    }

    @Override
    public boolean byteLevel() {
      return true;
    }

    @Override
    public void split(Text text, int from, int to, PieceSink sink) {
      if (from == to) {
        return;
      }
      if (addPrefixSpace && text.chars()[from] != ' ') {
        Text prefixed = text.prepended(" ", from, to);
        words(prefixed, 0, prefixed.chars().length, sink);
      } else {
        words(text, from, to, sink);
      }
    }

    private void words(Text text, int from, int to, PieceSink sink) {
      if (useRegex) {
        WORDS.find(text.chars(), from, to, (s, e, m) -> sink.piece(text, s, e));
      } else {
        sink.piece(text, from, to);
      }
    }
  }

  /** Writes spaces as a visible character, and may put one before the text. */
  record Metaspace(char replacement, PrependScheme prepend, boolean split) implements PreTokenizer {
    @Override
    public boolean needsAlignment() {
      return prepend == PrependScheme.FIRST;
    }

    @Override
    public void split(Text text, int from, int to, PieceSink sink) {
      if (from == to) {
        return;
      }
      Text.Builder builder = new Text.Builder(to - from + 1, text.aligned());
      char first = text.chars()[from];
      if (first != ' ' && first != replacement && prepends(text, from)) {
        builder.append(String.valueOf(replacement), text, from);
      }
      builder.append(text, from, to);
      Text replaced = builder.build();
      char[] chars = replaced.chars();
      for (int i = 0; i < chars.length; i++) {
        chars[i] = chars[i] == ' ' ? replacement : chars[i];
      }
      pieces(replaced, sink);
    }

    private boolean prepends(Text text, int from) {
      return switch (prepend) {
        case ALWAYS -> true;
        case FIRST -> text.starts()[from] == 0;
        case NEVER -> false;
      };
    }

    private void pieces(Text text, PieceSink sink) {
      char[] chars = text.chars();
      int start = 0;
      for (int i = 1; split && i < chars.length; i++) {
        if (chars[i] == replacement) {
          sink.piece(text, start, i);
          start = i;
        }
      }
      sink.piece(text, start, chars.length);
    }
  }

  /** When {@link Metaspace} puts its character before a text. */
  enum PrependScheme {
    ALWAYS,
    FIRST,
    NEVER;

    /** The name in {@code tokenizer.json}. */
    String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** One inside another. */
  record Sequence(List<PreTokenizer> parts) implements PreTokenizer {
    public Sequence {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean byteLevel() {
      return parts.stream().anyMatch(PreTokenizer::byteLevel);
    }

    @Override
    public boolean needsAlignment() {
      return parts.stream().anyMatch(PreTokenizer::needsAlignment);
    }

    @Override
    public WordScanner scanner() {
      List<PreTokenizer> cutting =
          parts.stream()
              .filter(part -> !(part instanceof ByteLevel bytes && !bytes.cuts()))
              .toList();
      return cutting.size() == 1 ? cutting.getFirst().scanner() : null;
    }

    @Override
    public void split(Text text, int from, int to, PieceSink sink) {
      PieceSink chain = sink;
      for (PreTokenizer part : parts.reversed()) {
        PieceSink inner = chain;
        chain = (t, s, e) -> part.split(t, s, e, inner);
      }
      chain.piece(text, from, to);
    }
  }

  /** Joins spans with their neighbours as a behaviour says. */
  final class SpanJoiner {
    @FunctionalInterface
    interface Sink {
      void span(int from, int to);
    }

    private final Behavior behavior;
    private final Sink sink;
    private final List<int[]> spans = new ArrayList<>();
    private final List<Boolean> matches = new ArrayList<>();

    SpanJoiner(Behavior behavior, Sink sink) {
      this.behavior = behavior;
      this.sink = sink;
    }

    void add(int from, int to, boolean match) {
      spans.add(new int[] {from, to});
      matches.add(match);
    }

    void finish() {
      int start = 0;
      for (int i = 0; i < spans.size(); i++) {
        if (i + 1 == spans.size() || !joined(i)) {
          sink.span(spans.get(start)[0], spans.get(i)[1]);
          start = i + 1;
        }
      }
    }

    /** Whether a span goes together with the one after it. */
    private boolean joined(int i) {
      boolean match = matches.get(i);
      boolean next = matches.get(i + 1);
      return switch (behavior) {
        case CONTIGUOUS -> match == next;
        case MERGED_WITH_PREVIOUS -> next && !match;
        case MERGED_WITH_NEXT -> match && !next;
        case REMOVED, ISOLATED -> false;
      };
    }
  }
}
