package io.kanana.data.document;

import io.kanana.core.config.Shorthand;
import java.io.Serializable;
import java.util.List;

/**
 * A corpus that can be read from its start any number of times. Each pass gives the same documents
 * in the same order, and holds few of them in memory at once.
 */
public interface DocumentSource {
  /**
   * Begins a pass.
   *
   * @param quarantine is told of every record that is left out because it cannot be read
   * @throws io.kanana.core.error.DataException here or while reading, where a file is missing or
   *     corrupt, or where there is no document at all
   */
  DocumentStream open(Quarantine quarantine);

  /**
   * A source of a job's configuration: an element of {@code data.documents}. A plain string is the
   * path of files.
   */
  @Shorthand(type = "files", key = "path")
  interface Config extends Serializable {
    DocumentSource create();

    /**
     * Sources that one after the other give the same documents, for several machines to read at
     * once; this one alone where it cannot be divided.
     */
    default List<Config> parts() {
      return List.of(this);
    }
  }
}
