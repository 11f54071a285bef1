package io.kanana.data.document;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * A file's content, decompressed where its first bytes say that it is gzip or zstd, whatever its
 * name. Truncated or corrupt input is an {@link IOException}, never a silent end.
 */
final class CompressedInput extends FilterInputStream {
  private static final int GZIP = 0x1F8B;
  private static final int ZSTD = 0x28B52FFD;
  private static final int ZSTD_SKIPPED = 0x502A4D18;

  private final Counter counter;

  private CompressedInput(InputStream content, Counter counter) {
    super(content);
    this.counter = counter;
  }

  static CompressedInput open(Path file) throws IOException {
    Counter counter = new Counter(Files.newInputStream(file));
    try {
      return new CompressedInput(decompressed(new BufferedInputStream(counter, 1 << 16)), counter);
    } catch (IOException e) {
      counter.close();
      throw e;
    }
  }

  private static InputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(4);
    byte[] head = in.readNBytes(4);
    in.reset();
    if (head.length >= 2 && bigEndian(head, 2) == GZIP) {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
    return head.length == 4 && isZstd(bigEndian(head, 4)) ? new ZstdInputStream(in) : in;
  }

  /** A frame of data, or one to skip, of sixteen kinds, with which parallel compressors begin. */
  private static boolean isZstd(int head) {
    return head == ZSTD || (head & ~(0x0F << 24)) == ZSTD_SKIPPED;
  }

  private static int bigEndian(byte[] bytes, int length) {
    int value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }

  /** How many bytes of the file itself have been read, buffering included. */
  long fileOffset() {
    return counter.count;
  }

  private static final class Counter extends FilterInputStream {
    private long count;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
