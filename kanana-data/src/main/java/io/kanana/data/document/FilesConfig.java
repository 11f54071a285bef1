package io.kanana.data.document;

import io.kanana.core.config.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Documents in files ({@code type: files}); a plain string in {@code data.documents} is {@code
 * path} with everything else by default.
 *
 * @param path a file, a directory (every file below it), or a glob ({@code corpus/*.jsonl.zst});
 *     files are read in the order of their paths
 * @param format how records stand in a file; by default its name and its first bytes say so
 * @param textField the field of a JSON record, or the column of a Parquet table, that holds the
 *     text
 * @param idField the field that names the document; file and line where a record has none
 * @param split where a text file is cut into documents
 * @param onCorruptFile what a truncated or corrupt file does
 * @param maxRecordBytes the longest line, row or text document; a longer one is rejected as {@code
 *     too-long}
 * @param maxExpansion how many times its own size may come out of a compressed file, archive or
 *     Parquet table, all layers together; the first 64 MiB are free
 * @param maxEntryBytes the longest entry of an archive
 * @param namespaces of the pages of a MediaWiki dump that are read; 0 are articles
 */
public record FilesConfig(
    String path,
    Format format,
    String textField,
    String idField,
    Split split,
    OnCorruptFile onCorruptFile,
    int maxRecordBytes,
    int maxExpansion,
    long maxEntryBytes,
    List<Integer> namespaces)
    implements DocumentSource.Config {

  /** How records stand in a file, or in an entry of an archive. */
  public enum Format {
    /**
     * By first bytes ({@link #WARC}, {@link #MEDIAWIKI}, {@link #PARQUET}), else by extension,
     * without that of a compression: {@link #JSON_LINES} for {@code .jsonl}, {@code .ndjson} and
     * {@code .json}, {@link #HTML}, {@link #MARKDOWN}, {@link #PARQUET}, else text.
     */
    AUTO,
    /** An object per line. */
    JSON_LINES,
    /** Plain text. */
    TEXT,
    /** Text without its front matter; a file is one document. */
    MARKDOWN,
    /** A page, decoded as it says; a file is one document. */
    HTML,
    /** Responses of web servers that hold HTML, and conversions to text. */
    WARC,
    /** The pages of a dump, as wikitext. */
    MEDIAWIKI,
    /** A row of a table each, its columns as the fields of a JSON record. */
    PARQUET,
    /** Source archives of papers, each as one LaTeX text with its inclusions resolved. */
    LATEX;

    /**
     * @param head the first bytes of the content, as Latin-1
     */
    Format of(String fileName, String head) {
      return this == AUTO ? told(fileName, head) : this;
    }

    private static Format told(String fileName, String head) {
      if (head.startsWith("WARC/")) {
        return WARC;
      }
      if (head.startsWith("PAR1") || head.startsWith("PARE")) {
        return PARQUET;
      }
      return head.contains("<mediawiki") ? MEDIAWIKI : byExtension(fileName);
    }

    private static Format byExtension(String fileName) {
      String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst|zstd|bz2|xz)$", "");
      return switch (name.substring(name.lastIndexOf('.') + 1)) {
        case "jsonl", "ndjson", "json" -> JSON_LINES;
        case "html", "htm", "xhtml" -> HTML;
        case "md", "markdown" -> MARKDOWN;
        case "parquet" -> PARQUET;
        default -> TEXT;
      };
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

  /** The default of {@link #maxExpansion}. */
  public static final int DEFAULT_MAX_EXPANSION = 250;

  /** The default of {@link #maxEntryBytes}: 64 GiB. */
  public static final long DEFAULT_MAX_ENTRY_BYTES = 64L << 30;

  public FilesConfig {
    namespaces = List.copyOf(namespaces);
    Check.that(!path.isBlank(), "path", "must name a file, a directory or a glob");
    Check.that(!textField.isEmpty(), "text-field", "must name a field of the records");
    Check.that(
        maxRecordBytes >= 1 && maxRecordBytes <= 1 << 30,
        "max-record-bytes",
        "must lie in 1 .. 1073741824, got %s",
        maxRecordBytes);
    Check.that(maxExpansion >= 1, "max-expansion", "must be >= 1, got %s", maxExpansion);
    Check.that(maxEntryBytes >= 1, "max-entry-bytes", "must be >= 1, got %s", maxEntryBytes);
  }

  /** Everything but the path by default. */
  public static FilesConfig of(String path) {
    return of(path, Format.AUTO, "text", Split.NONE, OnCorruptFile.STOP, DEFAULT_MAX_RECORD_BYTES);
  }

  /** What is not given by default. */
  public static FilesConfig of(
      String path,
      Format format,
      String textField,
      Split split,
      OnCorruptFile onCorruptFile,
      int maxRecordBytes) {
    return new FilesConfig(
        path,
        format,
        textField,
        "id",
        split,
        onCorruptFile,
        maxRecordBytes,
        DEFAULT_MAX_EXPANSION,
        DEFAULT_MAX_ENTRY_BYTES,
        List.of(0));
  }

  @Override
  public DocumentSource create() {
    return new FileDocuments(this);
  }

  /** Each file by itself. */
  @Override
  public List<DocumentSource.Config> parts() {
    return FileSet.find(path).stream().<DocumentSource.Config>map(this::only).toList();
  }

  private FilesConfig only(Path file) {
    return new FilesConfig(
        file.toString(),
        format,
        textField,
        idField,
        split,
        onCorruptFile,
        maxRecordBytes,
        maxExpansion,
        maxEntryBytes,
        namespaces);
  }
}
