package io.kanana.data.document;

import io.kanana.data.document.FileEntries.Entry;
import java.nio.file.Path;

/**
 * Names the records of one file, kept ones and rejected ones.
 *
 * @param entry which of an archive's files it is, {@code !} before it; empty for a plain file
 */
record RecordPlace(Path file, String entry, Quarantine quarantine) {
  RecordPlace of(Entry found) {
    return new RecordPlace(file, found.name(), quarantine);
  }

  String id() {
    return file.getFileName() + entry;
  }

  String id(long number) {
    return id() + ":" + number;
  }

  /** The path and the entry. */
  String shown() {
    return file + entry;
  }

  void reject(long line, LineReader.Fault fault) {
    quarantine.reject(new RejectedRecord(shown(), line, fault.reason(), fault.detail()));
  }
}
