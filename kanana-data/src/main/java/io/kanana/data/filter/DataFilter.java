package io.kanana.data.filter;

import io.kanana.data.document.Document;

/**
 * Keeps or drops each document for what it is, never changing it. A pure function of the document,
 * safe for use by several threads at once: the outcome must not depend on which documents came
 * before, nor on how they are spread over shards.
 */
public non-sealed interface DataFilter extends CascadeStep {
  /** The verdict; one that keeps holds the same document. */
  Verdict judge(Document document);
}
