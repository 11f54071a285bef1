package io.kanana.data.document;

import java.nio.file.Path;
import java.util.Iterator;

/**
 * The documents of one file after the other; for one thread. Closing it early releases its file.
 */
final class OpenFiles implements AutoCloseable {
  private final FilesConfig config;
  private final RecordRule rule;
  private final Quarantine quarantine;
  private final Iterator<Path> files;
  private OpenFile current;

  /**
   * @throws io.kanana.core.error.DataException if there is no file
   */
  OpenFiles(FilesConfig config, RecordRule rule, Quarantine quarantine) {
    this.config = config;
    this.rule = rule;
    this.quarantine = quarantine;
    this.files = FileSet.find(config.path()).iterator();
  }

  /** The next document, or null at the end. */
  Document next() {
    while (current != null || files.hasNext()) {
      if (current == null) {
        current = new OpenFile(files.next(), config, rule, quarantine);
      }
      Document document = current.next();
      if (document != null) {
        return document;
      }
      close();
    }
    return null;
  }

  /** The file of the last document. */
  OpenFile current() {
    return current;
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
