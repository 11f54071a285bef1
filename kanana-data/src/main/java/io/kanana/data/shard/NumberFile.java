package io.kanana.data.shard;

import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file of little-endian numbers in an artefact. Not safe for use by several threads. */
public final class NumberFile implements AutoCloseable {
  private final ArtefactWriter.FileOutput file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);

  public NumberFile(ArtefactWriter.FileOutput file) {
    this.file = file;
  }

  public void putShort(int value) throws IOException {
    room(Short.BYTES).putShort((short) value);
  }

  public void putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  public void putLong(long value) throws IOException {
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
  public void finish() throws IOException {
    flush();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
