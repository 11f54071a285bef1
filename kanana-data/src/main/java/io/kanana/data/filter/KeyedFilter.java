package io.kanana.data.filter;

/**
 * A corpus filter that compares documents by keys that they have in common. It is enough to bring
 * together what has the same key, so a decision needs no place where all sketches are.
 */
public sealed interface KeyedFilter extends CorpusFilter permits RepetitionFilter, ClusterFilter {
  /** Takes keys of 128 bits. */
  @FunctionalInterface
  interface Keys {
    void add(long upper, long lower);
  }

  /** Passes the keys of a document on, in their order; the same key may come more than once. */
  void keys(byte[] sketch, Keys keys);
}
