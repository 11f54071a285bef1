package io.kanana.data.classify.edu;

import io.kanana.data.document.Document;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Says how good documents are: a model that was asked, or labels that are there already. Who makes
 * one closes it.
 */
public interface DocumentScorer extends AutoCloseable {
  /**
   * A score for each document, in their order; none where the document cannot be scored.
   *
   * @throws io.kanana.core.error.DataException where scoring is not possible at all
   */
  List<OptionalDouble> score(List<Document> documents);

  /** How many documents are best given at once. */
  int batch();

  /**
   * Whether an answer costs so much that a run that goes on should not ask for it again. One that
   * does not is asked anew, so that what was corrected meanwhile counts.
   */
  default boolean isCostly() {
    return true;
  }

  /** Lets go of connections, where there are any. */
  @Override
  void close();

  /** A scorer of a job's configuration, chosen by {@code type}: the section {@code scores}. */
  interface Config {
    DocumentScorer create();
  }
}
