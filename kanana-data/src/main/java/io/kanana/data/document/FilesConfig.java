package io.kanana.data.document;

import io.kanana.core.config.Check;
import java.util.Locale;

/**
 * Documents in files ({@code type: files}); a plain string in {@code data.documents} is {@code
 * path} with everything else by default.
 *
 * @param path a file, a directory (every file below it), or a glob ({@code corpus/*.jsonl.zst});
 *     files are read in the order of their paths
 * @param format how records stand in a file; by default its extension says so
 * @param textField the field of a JSON record that holds the text
 * @param idField the field that names the document; file and line where a record has none
 * @param split where a text file is cut into documents
 * @param onCorruptFile what a truncated or corrupt file does
 * @param maxRecordBytes the longest line or text document; a longer one is rejected as {@code
 *     too-long}
 */
public record FilesConfig(
    String path,
    Format format,
    String textField,
    String idField,
    Split split,
    OnCorruptFile onCorruptFile,
    int maxRecordBytes)
    implements DocumentSource.Config {

  /** How records stand in a file. */
  public enum Format {
    /** {@link #JSON_LINES} for {@code .jsonl}, {@code .ndjson} and {@code .json}, else text. */
    AUTO,
    /** An object per line. */
    JSON_LINES,
    /** Plain text. */
    TEXT;

    Format of(String fileName) {
      return this == AUTO ? byExtension(fileName) : this;
    }

    private static Format byExtension(String fileName) {
      String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst|zstd)$", "");
      return name.matches(".*\\.(jsonl|ndjson|json)") ? JSON_LINES : TEXT;
    }
  }

  /** Where a text file is cut into documents. */
  public enum Split {
    /** A file is one document. */
    NONE,
    /** At blank lines. */
    BLANK_LINE,
    /** At {@code <|endoftext|>}, wherever it stands. */
    END_OF_TEXT
  }

  /** What a truncated or corrupt file does. */
  public enum OnCorruptFile {
    /** Ends the job with a {@link io.kanana.core.error.DataException}. */
    STOP,
    /** Keeps the documents before the fault, counts the file, and goes on with the next. */
    SKIP
  }

  /** The default of {@link #maxRecordBytes}: 16 MiB. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 16 << 20;

  public FilesConfig {
    Check.that(!path.isBlank(), "path", "must name a file, a directory or a glob");
    Check.that(!textField.isEmpty(), "text-field", "must name a field of the records");
    Check.that(
        maxRecordBytes >= 1 && maxRecordBytes <= 1 << 30,
        "max-record-bytes",
        "must lie in 1 .. 1073741824, got %s",
        maxRecordBytes);
  }

  /** Everything but the path by default. */
  public static FilesConfig of(String path) {
    return new FilesConfig(
        path, Format.AUTO, "text", "id", Split.NONE, OnCorruptFile.STOP, DEFAULT_MAX_RECORD_BYTES);
  }

  @Override
  public DocumentSource create() {
    return new FileDocuments(this);
  }
}
