package io.kanana.data.filter;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.document.Document;
import java.util.Map;

/**
 * Decides about each document by comparing it with all others: first a sketch of every document,
 * then one decision over all sketches, which finds something out about some documents, then a
 * verdict about each document and what was found out about it. Sketches and findings are what has
 * to be held or moved between machines, so they are small beside the text.
 *
 * <p>The decision is a function of the sketches in the corpus's own order, so that neither the
 * number of shards nor that of threads changes it. It is made in one place, for all documents at
 * once. A filter that is also one of {@link TallyFilter}, {@link RepetitionFilter} and {@link
 * ClusterFilter} says how a cluster of machines comes to the same findings without such a place.
 */
public non-sealed interface CorpusFilter extends CascadeStep {
  /** The finding about a document of which there is nothing to say. */
  byte[] NOTHING = {};

  /** What has to be compared of one document. Pure, and safe for use by several threads at once. */
  byte[] sketch(Document document);

  /**
   * Decides once for all documents.
   *
   * @param sketches one for each document, in the corpus's order
   * @param threads how many threads the decision may use
   */
  Decision decide(Sketches sketches, int threads);

  /**
   * The verdict about a document, which may be changed by it. Pure, and safe for use by several
   * threads at once.
   *
   * @param finding what the decision found out about it
   */
  Verdict judge(Document document, byte[] finding);

  /** All sketches; each may be read any number of times, by several threads. */
  interface Sketches {
    long count();

    /** The sketch of the document at a place in the corpus's order, from 0. */
    byte[] at(long place);
  }

  /** The outcome of {@link #decide}; safe for use by several threads at once. */
  interface Decision {
    /** What is to be known of the document at this place; {@link #NOTHING} of most. */
    byte[] finding(long place);

    /**
     * The files that are to stand beside the documents, by plain names, in a fixed order: what
     * there is to tell besides verdicts, such as which documents are alike.
     */
    default Map<String, ArtefactWriter.Content> files() {
      return Map.of();
    }
  }
}
