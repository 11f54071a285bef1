package io.kanana.core.tokenizer;

/** Something that cuts a text into matches and the gaps between them. */
interface TextPattern {
  /** Receives the spans of a text from left to right; together they cover it. */
  @FunctionalInterface
  interface SpanSink {
    void span(int from, int to, boolean match);
  }

  /** Hands every match and every gap of {@code text[from, to)} to the sink; none is empty. */
  void find(char[] text, int from, int to, SpanSink sink);
}
