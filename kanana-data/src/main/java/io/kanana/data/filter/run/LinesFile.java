package io.kanana.data.filter.run;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of lines of an artefact, compressed with zstd; for one thread. */
final class LinesFile implements Closeable {
  /** How the names of such files end. */
  static final String EXTENSION = ".jsonl.zst";

  private static final int BLOCK = 1 << 17;

  private final ArtefactWriter.FileOutput file;
  private final ZstdOutputStream compressor;
  private final byte[] block = new byte[BLOCK];
  private int filled;
  private long written;

  /**
   * @param name without extension
   * @param level of zstd
   */
  LinesFile(ArtefactWriter artefact, String name, int level) throws IOException {
    this.file = artefact.begin(name + EXTENSION);
    this.compressor =
        new ZstdOutputStream(
            new Unclosed(new BufferedOutputStream(Channels.newOutputStream(file), BLOCK)), level);
    compressor.setChecksum(true);
  }

  void write(byte[] line) throws IOException {
    write(line, 0, line.length);
  }

  /** The compressor gets whole blocks, so that its output depends on the content alone. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, BLOCK - filled);
      System.arraycopy(bytes, offset + done, block, filled, count);
      done += count;
      written += count;
      filled += count;
      if (filled == BLOCK) {
        compressor.write(block, 0, BLOCK);
        filled = 0;
      }
    }
  }

  /** How many bytes the lines have by now. */
  long written() {
    return written;
  }

  /** The lines of such a file. */
  static InputStream read(Path file) throws IOException {
    return new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
  }

  /** Ends the file, which is then part of the artefact. */
  void finish() throws IOException {
    compressor.write(block, 0, filled);
    compressor.close();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      compressor.close();
    }
  }

  /** The compressor's end is not that of the file, which has to be forced to the disk yet. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
