package io.kanana.data.text;

/** Finds the words of a span of characters. Instances serve one thread at a time. */
interface WordSplitter {
  /** Appends the words between {@code from} and {@code to}. */
  void split(char[] chars, int from, int to, Spans out);
}
