package io.kanana.data.document;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;

/** Documents in files, plain or compressed; see {@link FilesConfig}. */
public final class FileDocuments implements DocumentSource {
  private final FilesConfig config;

  public FileDocuments(FilesConfig config) {
    this.config = config;
  }

  @Override
  public DocumentStream open(Quarantine quarantine) {
    return new Pass(FileSet.find(config.path()).iterator(), quarantine);
  }

  private final class Pass implements DocumentStream {
    private final Iterator<Path> files;
    private final Quarantine quarantine;
    private OpenFile current;

    Pass(Iterator<Path> files, Quarantine quarantine) {
      this.files = files;
      this.quarantine = quarantine;
    }

    @Override
    public Document next() {
      while (current != null || files.hasNext()) {
        if (current == null) {
          current = new OpenFile(files.next(), quarantine);
        }
        Document document = current.next();
        if (document != null) {
          return document;
        }
        close();
      }
      return null;
    }

    @Override
    public void close() {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }

  private final class OpenFile {
    private final Path file;
    private final Quarantine quarantine;
    private CompressedInput input;
    private LineReader lines;
    private RecordReader records;

    OpenFile(Path file, Quarantine quarantine) {
      this.file = file;
      this.quarantine = quarantine;
    }

    Document next() {
      try {
        if (input == null) {
          begin();
        }
        return records.next();
      } catch (IOException e) {
        return corrupt(e);
      }
    }

    private void begin() throws IOException {
      input = CompressedInput.open(file);
      lines = new LineReader(input, config.maxRecordBytes());
      RecordPlace place = new RecordPlace(file, quarantine);
      Format format = config.format().of(file.getFileName().toString());
      records =
          format == Format.JSON_LINES
              ? new JsonLinesReader(lines, config, place)
              : new PlainTextReader(lines, config, place);
    }

    private Document corrupt(IOException e) {
      long line = lines == null ? 1 : lines.lineNumber() + 1;
      long offset = input == null ? 0 : input.fileOffset();
      if (config.onCorruptFile() == OnCorruptFile.STOP) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: cannot be read beyond line %d, near byte %d of the file (%s);"
                    + " mend it, or set on-corrupt-file: skip",
                file,
                line - 1,
                offset,
                Reason.of(e)),
            e);
      }
      quarantine.reject(new RejectedRecord(file.toString(), line, "corrupt-file", Reason.of(e)));
      return null;
    }

    void close() {
      try {
        if (input != null) {
          input.close();
        }
      } catch (IOException e) {
        throw new DataException(file + ": cannot be closed (" + Reason.of(e) + ")", e);
      }
    }
  }
}
