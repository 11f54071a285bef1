package io.kanana.data.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** How pages are compressed. What comes out is as long as the page says, or the page is damaged. */
enum Codec {
  UNCOMPRESSED {
    @Override
    int decompress(byte[] in, int offset, int length, byte[] out) {
      System.arraycopy(in, offset, out, 0, Math.min(length, out.length));
      return length;
    }
  },
  SNAPPY {
    @Override
    int decompress(byte[] in, int offset, int length, byte[] out) throws IOException {
      // the native code writes as much as the data says, wherever the array ends
      int claimed = Snappy.uncompressedLength(in, offset, length);
      return claimed == out.length ? Snappy.uncompress(in, offset, length, out, 0) : claimed;
    }
  },
  GZIP {
    @Override
    int decompress(byte[] in, int offset, int length, byte[] out) throws IOException {
      return drain(new GZIPInputStream(new ByteArrayInputStream(in, offset, length)), out);
    }
  },
  ZSTD {
    @Override
    int decompress(byte[] in, int offset, int length, byte[] out) {
      return (int) Zstd.decompressByteArray(out, 0, out.length, in, offset, length);
    }
  },
  LZ4_RAW {
    @Override
    int decompress(byte[] in, int offset, int length, byte[] out) throws IOException {
      InputStream block = new ByteArrayInputStream(in, offset, length);
      return drain(new BlockLZ4CompressorInputStream(block), out);
    }
  };

  /**
   * @return how long the content is, which may be more than was written
   * @throws RuntimeException as well where it is damaged
   */
  abstract int decompress(byte[] in, int offset, int length, byte[] out) throws IOException;

  /**
   * @throws IOException where it is one that is not read
   */
  static Codec of(CompressionCodec codec) throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> UNCOMPRESSED;
      case SNAPPY -> SNAPPY;
      case GZIP -> GZIP;
      case ZSTD -> ZSTD;
      case LZ4_RAW -> LZ4_RAW;
      case null -> throw new IOException("its compression is none that is known");
      case LZO, BROTLI, LZ4 ->
          throw new IOException(
              "its compression is "
                  + codec.name().toLowerCase(Locale.ROOT)
                  + ", which is not read; write it anew with zstd");
    };
  }

  private static int drain(InputStream decoder, byte[] out) throws IOException {
    int read = decoder.readNBytes(out, 0, out.length);
    return decoder.read() < 0 ? read : out.length + 1;
  }
}
