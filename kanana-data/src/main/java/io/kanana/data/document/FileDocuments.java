package io.kanana.data.document;

import java.nio.file.Path;
import java.util.Iterator;

/** Documents in files, plain, compressed or in archives; see {@link FilesConfig}. */
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
          current = new OpenFile(files.next(), config, new RecordFields(config), quarantine);
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
}
