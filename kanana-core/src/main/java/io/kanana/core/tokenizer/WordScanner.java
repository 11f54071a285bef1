package io.kanana.core.tokenizer;

/** A pattern, scanned by hand, whose matches follow one another without a gap. */
interface WordScanner extends TextPattern {
  /** The end of the match that begins at {@code i}, in a text that ends at {@code to > i}. */
  int end(char[] text, int i, int to);

  @Override
  default void find(char[] text, int from, int to, SpanSink sink) {
    for (int i = from; i < to; ) {
      int end = end(text, i, to);
      sink.span(i, end, true);
      i = end;
    }
  }
}
