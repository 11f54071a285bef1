package io.kanana.data.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Bytes {@code position} to {@code end} of a file, wherever its channel stands. */
final class FilePart extends InputStream {
  private final FileChannel file;
  private final long end;
  private long position;

  FilePart(FileChannel file, long position, long end) {
    this.file = file;
    this.position = position;
    this.end = end;
  }

  long left() {
    return end - position;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (position >= end) {
      return -1;
    }
    int wanted = (int) Math.min(length, left());
    int read = file.read(ByteBuffer.wrap(bytes, offset, wanted), position);
    if (read < 0) {
      throw new EOFException("the file became shorter while it was read");
    }
    position += read;
    return read;
  }
}
