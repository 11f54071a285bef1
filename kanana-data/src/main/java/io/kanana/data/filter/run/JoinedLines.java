package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.parquet.TableColumns;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A file of lines that is to be made of pieces of others.
 *
 * @param target the artefact that holds it until it becomes part of another
 * @param name without extension
 * @param pieces in their order
 */
public record JoinedLines(String target, String name, List<Piece> pieces) implements OutputFile {
  private static final int LEVEL = 3;

  /**
   * Whole lines of a compressed file.
   *
   * @param from where they begin, in bytes that are not compressed
   * @param to where they end
   */
  public record Piece(String file, long from, long to) implements Serializable {}

  @Override
  public Artefact write(Path artefact, BooleanSupplier stopped) {
    try (ArtefactWriter writer = ArtefactWriter.create(artefact, KIND, List.of());
        LinesFile file = new LinesFile(writer, name, LEVEL)) {
      byte[] buffer = new byte[1 << 17];
      for (Piece piece : pieces) {
        copy(piece, file, buffer, stopped);
      }
      file.finish();
      return writer.commit();
    } catch (IOException e) {
      throw unwritten(artefact, e);
    }
  }

  static CheckpointException unwritten(Path artefact, IOException e) {
    return new CheckpointException(
        artefact + ": the documents cannot be written (" + Reason.of(e) + "); free some place", e);
  }

  private static void copy(Piece piece, LinesFile file, byte[] buffer, BooleanSupplier stopped)
      throws IOException {
    try (InputStream lines = PieceInput.open(piece)) {
      for (int read = lines.read(buffer); read >= 0; read = lines.read(buffer)) {
        check(stopped);
        file.write(buffer, 0, read);
      }
    }
  }

  private static void check(BooleanSupplier stopped) {
    if (stopped.getAsBoolean()) {
      throw new Stopped();
    }
  }

  /** Someone who is given documents. */
  interface Taker {
    void take(Document document) throws IOException;
  }

  /**
   * Gives all documents of the lines to someone, in their order.
   *
   * @throws Stopped where it broke off
   */
  void each(BooleanSupplier stopped, Taker taker) throws IOException {
    for (Piece piece : pieces) {
      try (InputStream lines = PieceInput.open(piece);
          DocumentStream documents = DocumentLines.read(lines, piece.file)) {
        for (Document next = documents.next(); next != null; next = documents.next()) {
          check(stopped);
          taker.take(next);
        }
      }
    }
  }

  /**
   * The columns that hold all these documents in a table.
   *
   * @param stopped whether to break off
   * @throws Stopped where it broke off
   */
  public TableColumns columns(BooleanSupplier stopped) {
    TableColumns columns = new TableColumns(DocumentLines.texts());
    try {
      each(stopped, document -> columns.add(DocumentLines.fields(document)));
    } catch (IOException e) {
      throw new DataException(target + ": its pieces cannot be read (" + Reason.of(e) + ")", e);
    }
    return columns;
  }
}
