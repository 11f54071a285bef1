package io.kanana.data.filter;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.document.Document;
import java.util.Map;

/**
 * Decides about each document by comparing it with all others, in two passes: first a sketch of
 * every document, then one decision over all sketches. Sketches are what has to be held or moved
 * between machines, so they are small beside the text.
 *
 * <p>The decision is a function of the sketches in the corpus's own order, so that neither the
 * number of shards nor that of threads changes it.
 */
public non-sealed interface CorpusFilter extends CascadeStep {
  /** What has to be compared of one document. Pure, and safe for use by several threads at once. */
  byte[] sketch(Document document);

  /**
   * Decides once for all documents.
   *
   * @param sketches one for each document, in the corpus's order
   * @param threads how many threads the decision may use
   * @return what becomes of the document at each place; safe for use by several threads at once
   */
  Decision decide(Sketches sketches, int threads);

  /** All sketches; each may be read any number of times, by several threads. */
  interface Sketches {
    long count();

    /** The sketch of the document at a place in the corpus's order, from 0. */
    byte[] at(long place);
  }

  /** The outcome of {@link #decide}. */
  interface Decision {
    /** The verdict about the document that stands at this place; it may be changed by it. */
    Verdict judge(long place, Document document);
  }

  /** A decision that has more to tell than its verdicts, such as which documents are alike. */
  interface Reported extends Decision {
    /** The files that are to stand beside the documents, by plain names, in a fixed order. */
    Map<String, ArtefactWriter.Content> files();
  }
}
