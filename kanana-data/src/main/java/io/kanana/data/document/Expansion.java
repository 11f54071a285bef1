package io.kanana.data.document;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * How far one file may expand while it is read, all its layers together: a small file that claims
 * to hold a huge one is refused, and memory and time stay bounded. Decoders behind these streams
 * end in an {@link IOException} whatever they throw.
 */
final class Expansion {
  /** A limit of {@link Expansion} was passed. */
  static final class TooFar extends IOException {
    private static final long serialVersionUID = 1;

    TooFar(String message) {
      super(message);
    }
  }

  /** So much may come out of any file: a line of one letter is no attack. */
  static final long FREE = 64L << 20;

  private final LongSupplier consumed;
  private final int maxRatio;
  private final long maxEntryBytes;
  private long produced;

  /**
   * @param consumed how many bytes of the file itself have been read
   */
  Expansion(LongSupplier consumed, int maxRatio, long maxEntryBytes) {
    this.consumed = consumed;
    this.maxRatio = maxRatio;
    this.maxEntryBytes = maxEntryBytes;
  }

  /** What a decoder gives. */
  InputStream decoded(InputStream in) {
    return new Bounded(in, Long.MAX_VALUE);
  }

  /** An entry of an archive; closing it leaves the archive open. */
  InputStream entry(InputStream archive) {
    InputStream open =
        new FilterInputStream(archive) {
          @Override
          public void close() {}
        };
    return new Bounded(open, maxEntryBytes);
  }

  /** Counts what came out. */
  void count(long bytes) throws TooFar {
    produced += bytes;
    if (produced > FREE && produced / maxRatio > consumed.getAsLong()) {
      throw new TooFar(
          "more than " + maxRatio + " times its size comes out of it, which is max-expansion");
    }
  }

  private final class Bounded extends FilterInputStream {
    private final long max;
    private long own;

    Bounded(InputStream in, long max) {
      super(in);
      this.max = max;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int read = 0;
      while (read == 0) {
        read = read(one, 0, 1);
      }
      return read < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = decode(bytes, offset, length);
      if (read > 0) {
        own += read;
        count(read);
        if (own > max) {
          throw new TooFar("the entry is longer than " + max + " bytes, which is max-entry-bytes");
        }
      }
      return read;
    }

    private int decode(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (RuntimeException e) {
        // what a decoder throws on damaged input is not always what it declares
        throw new IOException("damaged: " + e.getMessage(), e);
      }
    }

    /** Skipping decodes as well, so it counts. */
    @Override
    public long skip(long count) throws IOException {
      byte[] bytes = new byte[(int) Math.min(1 << 13, Math.max(0, count))];
      return Math.max(0, read(bytes, 0, bytes.length));
    }
  }
}
