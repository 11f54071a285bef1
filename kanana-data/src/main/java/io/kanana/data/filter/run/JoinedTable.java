package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.parquet.ParquetWriter;
import io.kanana.data.parquet.TableColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A Parquet table of the documents that a file of lines would have.
 *
 * @param lines those of the documents
 * @param columns that hold all of them
 */
record JoinedTable(JoinedLines lines, TableColumns columns) implements OutputFile {
  /** How the names of such files end. */
  static final String EXTENSION = ".parquet";

  @Override
  public String target() {
    return lines.target();
  }

  @Override
  public Artefact write(Path artefact, BooleanSupplier stopped) {
    try (ArtefactWriter writer = ArtefactWriter.create(artefact, KIND, List.of());
        ArtefactWriter.FileOutput file = writer.begin(lines.name() + EXTENSION)) {
      ParquetWriter table = new ParquetWriter(file, columns);
      lines.each(stopped, document -> table.write(DocumentLines.fields(document)));
      table.finish();
      file.finish();
      return writer.commit();
    } catch (IOException e) {
      throw JoinedLines.unwritten(artefact, e);
    }
  }
}
