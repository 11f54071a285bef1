package io.kanana.data.shard;

import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file of little-endian numbers in an artefact. */
final class NumberFile implements AutoCloseable {
  private final ArtefactWriter.FileOutput file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);

  NumberFile(ArtefactWriter.FileOutput file) {
    this.file = file;
  }

  void putShort(int value) throws IOException {
    room(Short.BYTES).putShort((short) value);
  }

  void putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  /** Writes what is left, and makes the file part of the artefact. */
  void finish() throws IOException {
    flush();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
