package io.kanana.data.document;

import io.kanana.data.document.LineReader.Fault;

/** A record as it is gathered from lines: bounded, and rejected whole for its first fault. */
final class GatheredText {
  private final int maxBytes;
  private final Fault tooLong;
  private final RecordPlace place;
  private final StringBuilder text = new StringBuilder();
  private long bytes;
  private long firstLine;
  private Fault fault;

  GatheredText(FilesConfig config, RecordPlace place) {
    this.maxBytes = config.maxRecordBytes();
    this.tooLong = WholeFileReader.tooLong(config);
    this.place = place;
  }

  /** Begins the next. */
  void begin(long line) {
    text.setLength(0);
    bytes = 0;
    firstLine = line;
    fault = null;
  }

  void append(String part) {
    bytes += Document.utf8Length(part);
    if (bytes <= maxBytes) {
      text.append(part);
    } else {
      fault(tooLong);
    }
  }

  /** Takes a fault, or null; only the first is told. */
  void fault(Fault found) {
    fault = fault == null ? found : fault;
  }

  /** The record, or null where it was rejected. */
  String whole() {
    if (fault != null) {
      reject(fault);
      return null;
    }
    return text.toString();
  }

  void reject(Fault found) {
    place.reject(firstLine, found);
  }
}
