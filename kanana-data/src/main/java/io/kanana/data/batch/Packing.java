package io.kanana.data.batch;

/** How the documents of a set of shards become sequences. */
public enum Packing {
  /**
   * The stream of documents is cut every {@code contextLength} tokens: only the last sequence has
   * padding, and most documents are cut that a cut falls into.
   */
  WINDOWS,
  /**
   * Documents, or what is left of longer ones after whole sequences, are put together so that they
   * fit (Ding et al., "Fewer Truncations Improve Language Modeling", ICML 2024): only documents
   * longer than a sequence are cut, and what no document fits into is padding.
   */
  BEST_FIT
}
