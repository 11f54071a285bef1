package io.kanana.data.dedup;

import io.kanana.core.error.DataException;
import io.kanana.data.filter.CorpusFilter.Sketches;

/** Places in a corpus as indexes of arrays. */
final class Places {
  /** So many fit into the largest table. */
  static final int MOST = 700_000_000;

  private Places() {}

  /** The number of documents. */
  static int count(Sketches sketches) {
    long count = sketches.count();
    if (count > MOST) {
      throw new DataException(
          count
              + " documents are compared at once, but at most "
              + MOST
              + " can be; divide the corpus, for example by language");
    }
    return (int) count;
  }
}
