package io.kanana.data.filter;

import io.kanana.data.document.Document;

/**
 * Changes documents one by one: removes lines, masks personal data, adds a score to the metadata. A
 * document of which nothing is left is dropped. Pure and thread-safe, as {@link DataFilter} is.
 */
public non-sealed interface DocumentTransform extends CascadeStep {
  Verdict apply(Document document);
}
