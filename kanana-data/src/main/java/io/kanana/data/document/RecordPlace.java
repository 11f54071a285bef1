package io.kanana.data.document;

import java.nio.file.Path;

/** Names the records of one file, kept ones and rejected ones. */
record RecordPlace(Path file, Quarantine quarantine) {
  String id() {
    return file.getFileName().toString();
  }

  String id(long number) {
    return id() + ":" + number;
  }

  void reject(long line, LineReader.Fault fault) {
    quarantine.reject(new RejectedRecord(file.toString(), line, fault.reason(), fault.detail()));
  }
}
