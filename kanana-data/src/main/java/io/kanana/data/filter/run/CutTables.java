package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.parquet.ParquetWriter;
import io.kanana.data.parquet.TableColumns;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Documents as the rows of Parquet tables, all with the same columns. */
final class CutTables implements CutFiles {
  /** How the names of such files end. */
  static final String EXTENSION = ".parquet";

  private final ArtefactWriter artefact;
  private final String prefix;
  private final TableColumns columns;
  private final long fileBytes;
  private ArtefactWriter.FileOutput file;
  private ParquetWriter table;
  private int files;

  /**
   * @param prefix of the names; five digits follow
   * @param columns that hold all documents
   * @param fileBytes a file ends with the document that goes beyond so many bytes of values
   */
  CutTables(ArtefactWriter artefact, String prefix, TableColumns columns, long fileBytes) {
    this.artefact = artefact;
    this.prefix = prefix;
    this.columns = columns;
    this.fileBytes = fileBytes;
  }

  @Override
  public void append(InputStream lines) throws IOException {
    DocumentStream documents = DocumentLines.read(lines, prefix);
    for (Document next = documents.next(); next != null; next = documents.next()) {
      if (table == null) {
        begin();
      }
      table.write(DocumentLines.fields(next));
      if (table.bytes() > fileBytes) {
        finish();
      }
    }
  }

  private void begin() throws IOException {
    String number = String.format(Locale.ROOT, "%05d", files++);
    file = artefact.begin(prefix + number + EXTENSION);
    table = new ParquetWriter(file, columns);
  }

  @Override
  public void finish() throws IOException {
    if (table != null) {
      table.finish();
      file.finish();
      table = null;
      file = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
