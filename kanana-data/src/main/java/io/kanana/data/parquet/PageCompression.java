package io.kanana.data.parquet;

import java.io.IOException;
import org.apache.parquet.format.CompressionCodec;

/** How pages are compressed when they are written. */
record PageCompression(CompressionCodec codec, Compress how) {
  interface Compress {
    byte[] compress(byte[] content) throws IOException;
  }

  byte[] compress(byte[] content) throws IOException {
    return how.compress(content);
  }
}
