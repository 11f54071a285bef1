package io.kanana.data.document;

/** Documents in files, plain, compressed or in archives; see {@link FilesConfig}. */
public final class FileDocuments implements DocumentSource {
  private final FilesConfig config;

  public FileDocuments(FilesConfig config) {
    this.config = config;
  }

  @Override
  public DocumentStream open(Quarantine quarantine) {
    OpenFiles files = new OpenFiles(config, new RecordFields(config), quarantine);
    return new DocumentStream() {
      @Override
      public Document next() {
        return files.next();
      }

      @Override
      public void close() {
        files.close();
      }
    };
  }
}
