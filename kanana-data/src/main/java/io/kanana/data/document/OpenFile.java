package io.kanana.data.document;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.FileEntries.Entry;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** The documents of one file, or of each entry of one archive; for one thread. */
final class OpenFile implements AutoCloseable {
  private static final int HEAD = 1024;

  private final FilesConfig config;
  private final RecordRule rule;
  private RecordPlace place;
  private FileEntries entries;
  private RecordReader records;

  OpenFile(Path file, FilesConfig config, RecordRule rule, Quarantine quarantine) {
    this.config = config;
    this.rule = rule;
    this.place = new RecordPlace(file, "", quarantine);
  }

  /** The next document, or null at the end. */
  Document next() {
    boolean more = true;
    while (more) {
      try {
        more = records != null || begin();
        Document document = more ? records.next() : null;
        if (document != null) {
          return document;
        }
        // the reader of papers goes through all entries itself
        more &= config.format() != Format.LATEX;
      } catch (IOException e) {
        // where the file itself cannot be opened there is nothing behind the fault
        more = entries != null;
        corrupt(e);
      }
      if (!more || config.format() != Format.LATEX) {
        records = null;
      }
    }
    return null;
  }

  /** Makes the next entry the one that is read; false at the end. */
  private boolean begin() throws IOException {
    if (entries == null) {
      entries = FileEntries.open(place.file(), config);
    }
    if (config.format() == Format.LATEX) {
      records = new PaperReader(entries, config, place);
      return true;
    }
    Entry entry = entries.next();
    if (entry == null) {
      return false;
    }
    place = place.of(entry);
    records = reader(entry);
    return true;
  }

  private RecordReader reader(Entry entry) throws IOException {
    BufferedInputStream in = entry.content();
    Format format = rule.format(config.format().of(place.id(), head(in)));
    return switch (format) {
      case JSON_LINES -> new JsonLinesReader(lines(in), rule, place);
      case MARKDOWN -> new WholeFileReader(in, config, place, MarkdownText::document);
      case HTML -> new WholeFileReader(in, config, place, HtmlText::document);
      case WARC -> new WarcReader(in, config, place);
      case MEDIAWIKI -> new MediaWikiReader(lines(in), config, place);
      case PARQUET -> new ParquetReader(entries.file(), entry, config, rule, place);
      case TEXT, LATEX, AUTO -> new PlainTextReader(lines(in), config, place);
    };
  }

  private LineReader lines(BufferedInputStream in) {
    return new LineReader(in, config.maxRecordBytes());
  }

  private static String head(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    return new String(head, StandardCharsets.ISO_8859_1);
  }

  /** The file, and the entry of it, that the last document came from. */
  String shown() {
    return place.shown();
  }

  /** The number of the line, or record, of the last document. */
  long position() {
    return records.position();
  }

  private void corrupt(IOException e) {
    long line = records == null ? 1 : records.position() + 1;
    String reached =
        records == null
            ? "line 0, near byte " + (entries == null ? 0 : entries.fileOffset()) + " of the file"
            : records.reached(entries.fileOffset());
    String entry = entries == null ? "" : entries.place();
    RecordPlace fault = new RecordPlace(place.file(), entry, place.quarantine());
    if (config.onCorruptFile() == OnCorruptFile.STOP) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: cannot be read beyond %s (%s); mend it, or set on-corrupt-file: skip",
              fault.shown(),
              reached,
              Reason.of(e)),
          e);
    }
    String reason = e instanceof Expansion.TooFar ? "expands-too-far" : "corrupt-file";
    fault.reject(line, new LineReader.Fault(reason, Reason.of(e)));
  }

  @Override
  public void close() {
    records = null;
    if (entries == null) {
      return;
    }
    try {
      entries.close();
    } catch (IOException e) {
      throw new DataException(
          place.shown() + ": cannot be closed (" + Reason.of(e) + "); see to the disk", e);
    }
  }
}
