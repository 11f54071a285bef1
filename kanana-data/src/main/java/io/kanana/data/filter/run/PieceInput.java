package io.kanana.data.filter.run;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The lines of a piece of a compressed file; for one thread. */
final class PieceInput extends InputStream {
  private final JoinedLines.Piece piece;
  private final InputStream file;
  private long left;

  private PieceInput(JoinedLines.Piece piece, InputStream file) {
    this.piece = piece;
    this.file = file;
    this.left = piece.to() - piece.from();
  }

  static PieceInput open(JoinedLines.Piece piece) throws IOException {
    InputStream file = LinesFile.read(Path.of(piece.file()));
    try {
      file.skipNBytes(piece.from());
      return new PieceInput(piece, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = file.read(bytes, offset, (int) Math.min(left, length));
    if (read < 0) {
      throw new EOFException(piece.file() + " is too short");
    }
    left -= read;
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
