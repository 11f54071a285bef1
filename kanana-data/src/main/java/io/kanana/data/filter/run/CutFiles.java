package io.kanana.data.filter.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Documents in files of about the same size. Where a file ends depends on the documents alone, not
 * on the pieces they come in. For one thread.
 */
interface CutFiles extends Closeable {
  /**
   * Adds documents.
   *
   * @param lines whole lines
   */
  void append(InputStream lines) throws IOException;

  /** Ends the last file. */
  void finish() throws IOException;
}
