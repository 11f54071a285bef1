package io.kanana.data.document;

import io.kanana.data.document.FileEntries.Entry;
import io.kanana.data.document.LineReader.Fault;
import io.kanana.data.parquet.ParquetRow;
import io.kanana.data.parquet.ParquetRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;

/** A row of a Parquet table each, its columns as the fields of a JSON record would be. */
final class ParquetReader implements RecordReader {
  private final FileChannel file;
  private final Entry entry;
  private final FilesConfig config;
  private final RecordRule rule;
  private final RecordPlace place;
  private ParquetRows rows;

  /**
   * @param file of which the entry is the whole
   */
  ParquetReader(
      FileChannel file, Entry entry, FilesConfig config, RecordRule rule, RecordPlace place) {
    this.file = file;
    this.entry = entry;
    this.config = config;
    this.rule = rule;
    this.place = place;
  }

  @Override
  public long position() {
    return rows == null ? 0 : rows.rows();
  }

  @Override
  public String reached(long fileOffset) {
    return "row " + position();
  }

  @Override
  public Document next() throws IOException {
    if (rows == null) {
      rows = open();
    }
    for (ParquetRow row = rows.next(); row != null; row = rows.next()) {
      Fault fault = fault(row);
      if (fault == null) {
        return rule.document(row.fields(), place.id(position()));
      }
      place.reject(position(), fault);
    }
    return null;
  }

  private ParquetRows open() throws IOException {
    if (entry.archived() || entry.packed()) {
      throw new IOException(
          "is Parquet within an archive or a compressed file, and can be read only as a file of its"
              + " own; unpack it");
    }
    long size = file.size();
    Expansion expansion = new Expansion(() -> size, config.maxExpansion(), config.maxEntryBytes());
    return ParquetRows.open(
        file, rule.texts(), config.maxRecordBytes(), bytes -> count(expansion, bytes));
  }

  private static void count(Expansion expansion, long bytes) {
    try {
      expansion.count(bytes);
    } catch (Expansion.TooFar e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fault fault(ParquetRow row) {
    if (row.bytes() > config.maxRecordBytes()) {
      return new Fault(
          "too-long", row.bytes() + " bytes, max-record-bytes is " + config.maxRecordBytes());
    }
    if (row.notUtf8() != null) {
      return new Fault("not-utf-8", "'" + row.notUtf8() + "'");
    }
    return rule.fault(row.fields());
  }
}
