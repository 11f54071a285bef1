package io.kanana.data.filter.run;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of which pieces files of about the same size are to be made. A file ends with the line that
 * goes beyond so many bytes: where that is depends on the lines alone, not on the files they come
 * in, of which only those are read in which one ends. For one thread.
 */
final class Cuts {
  private final long fileBytes;
  private final List<List<JoinedLines.Piece>> files = new ArrayList<>();
  private List<JoinedLines.Piece> file = new ArrayList<>();
  private long written;

  /**
   * @param fileBytes a file ends with the line that goes beyond so many bytes
   */
  Cuts(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /**
   * Adds all lines of a file.
   *
   * @param bytes of them, not compressed
   */
  void add(Path source, long bytes) {
    try (Lines lines = new Lines(source)) {
      long from = 0;
      while (from < bytes) {
        long most = from + fileBytes - written;
        long to = bytes > most ? lines.endOfLine(most) : bytes;
        file.add(new JoinedLines.Piece(source.toString(), from, to));
        written += to - from;
        if (bytes > most) {
          finish();
        }
        from = to;
      }
    } catch (IOException e) {
      throw new DataException(source + ": cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private void finish() {
    if (!file.isEmpty()) {
      files.add(file);
      file = new ArrayList<>();
      written = 0;
    }
  }

  /** The pieces of each file; nothing is added any more. */
  List<List<JoinedLines.Piece>> files() {
    finish();
    return files;
  }

  /** A file of lines that is opened once it is needed and read forwards. */
  private static final class Lines implements AutoCloseable {
    private final Path source;
    private InputStream in;
    private long position;

    Lines(Path source) {
      this.source = source;
    }

    /** Where the line ends that the byte at {@code place} belongs to. */
    long endOfLine(long place) throws IOException {
      if (in == null) {
        in = new BufferedInputStream(LinesFile.read(source), 1 << 16);
      }
      in.skipNBytes(place - position);
      position = place;
      int read;
      do {
        read = in.read();
        position++;
      } while (read >= 0 && read != '\n');
      if (read < 0) {
        throw new EOFException("is too short");
      }
      return position;
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
    }
  }
}
