package io.kanana.data.filter;

import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.Serializable;
import java.util.Map;

/**
 * A corpus filter for which a document's own sketch decides, and the corpus is only counted: what
 * is counted of its parts adds up to what is counted of the whole.
 */
public interface TallyFilter extends CorpusFilter {
  /** What is counted; for one thread. */
  interface Tally extends Serializable {
    /** Counts one document. */
    void add(byte[] sketch);

    /**
     * Adds what another counted, of the same filter; the order does not matter.
     *
     * @return this one
     */
    Tally plus(Tally other);

    /** As {@link Decision#files} has them. */
    Map<String, ArtefactWriter.Content> files();
  }

  /** A count of nothing. */
  Tally tally();

  /** What a document's own sketch says. */
  byte[] finding(byte[] sketch);

  @Override
  default Decision decide(Sketches sketches, int threads) {
    Tally tally = tally();
    for (long place = 0; place < sketches.count(); place++) {
      tally.add(sketches.at(place));
    }
    return new Decision() {
      @Override
      public byte[] finding(long place) {
        return TallyFilter.this.finding(sketches.at(place));
      }

      @Override
      public Map<String, ArtefactWriter.Content> files() {
        return tally.files();
      }
    };
  }
}
