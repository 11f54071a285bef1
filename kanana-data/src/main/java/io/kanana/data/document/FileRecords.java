package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Format;
import java.util.Map;

/**
 * Records of files with all their fields, for whoever makes something else of them than {@link
 * Document documents}: lines of JSON objects, plain or compressed or in archives, and rows of
 * Parquet tables. What is no such record is rejected with its file, line and reason, and costs
 * itself alone.
 */
public final class FileRecords {
  /**
   * A record.
   *
   * @param file as it was found; an entry of an archive after it
   * @param line of the record, from 1; of a table, the row
   * @param fields in their order, as JSON values; not to be changed
   */
  public record FileRecord(String file, long line, Map<String, Object> fields) {
    /** This record, which whoever knows what its fields should be cannot use. */
    public RejectedRecord rejected(String reason, String detail) {
      return new RejectedRecord(file, line, reason, detail);
    }
  }

  private final FilesConfig config;

  /**
   * @param config its fields for text and id play no part; {@link Format#AUTO} is JSON lines
   *     whatever a file's name, unless it is a table
   */
  public FileRecords(FilesConfig config) {
    this.config = config;
  }

  /**
   * Begins a pass, for one thread.
   *
   * @param quarantine is told of every record that cannot be read
   * @throws io.kanana.core.error.DataException here or while reading, where a file is missing or
   *     corrupt
   */
  public Pass open(Quarantine quarantine) {
    return new Pass(new OpenFiles(config, new WholeRecord(), quarantine));
  }

  /** One pass; closing it early releases its file. */
  public static final class Pass implements AutoCloseable {
    private final OpenFiles files;

    private Pass(OpenFiles files) {
      this.files = files;
    }

    /** The next record, or null at the end. */
    public FileRecord next() {
      Document record = files.next();
      return record == null
          ? null
          : new FileRecord(files.current().shown(), files.current().position(), record.metadata());
    }

    @Override
    public void close() {
      files.close();
    }
  }
}
