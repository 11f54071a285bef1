package io.kanana.data.document;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * How bytes are compressed, told by the first of them, whatever a name says. Truncated or corrupt
 * input is an {@link IOException}, never a silent end.
 */
enum Compression {
  NONE {
    @Override
    InputStream open(InputStream in) {
      return in;
    }
  },
  GZIP {
    @Override
    InputStream open(InputStream in) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  ZSTD {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }
  },
  BZIP2 {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in, true);
    }
  },
  XZ {
    @Override
    InputStream open(InputStream in) throws IOException {
      return XZCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .setMemoryLimitKiB(XZ_MEMORY_KIB)
          .get();
    }
  };

  /** The largest preset of xz needs 65 MiB to decompress. */
  private static final int XZ_MEMORY_KIB = 256 << 10;

  private static final int HEAD = 10;
  private static final long ZSTD_FRAME = 0x28B52FFDL;
  private static final long ZSTD_SKIPPED = 0x502A4D18L;
  private static final long BZIP2_BLOCK = 0x314159265359L;
  private static final long BZIP2_END = 0x177245385090L;
  private static final long XZ_STREAM = 0xFD377A585A00L;

  /** Closing what comes out closes {@code in}. */
  abstract InputStream open(InputStream in) throws IOException;

  static Compression of(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    if (bigEndian(head, 0, 2) == 0x1F8B) {
      return GZIP;
    }
    if (isZstd(bigEndian(head, 0, 4))) {
      return ZSTD;
    }
    if (bigEndian(head, 0, 6) == XZ_STREAM) {
      return XZ;
    }
    return isBzip2(head) ? BZIP2 : NONE;
  }

  /** A frame of data, or one to skip, of sixteen kinds, with which parallel compressors begin. */
  private static boolean isZstd(long head) {
    return head == ZSTD_FRAME || (head & ~(0x0FL << 24)) == ZSTD_SKIPPED;
  }

  private static boolean isBzip2(byte[] head) {
    long block = bigEndian(head, 4, 6);
    return bigEndian(head, 0, 3) == 0x425A68L && (block == BZIP2_BLOCK || block == BZIP2_END);
  }

  /** The number that the bytes make, or -1 where there are not so many. */
  private static long bigEndian(byte[] bytes, int from, int length) {
    if (bytes.length < from + length) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < from + length; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }
}
