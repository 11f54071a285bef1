package io.kanana.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks through what the decoders of parquet-java allocate by without a look: the lengths of runs
 * and blocks. What passes can be decoded in room that its page and these limits bound.
 */
final class EncodedRuns {
  /** What the levels of a page say. */
  record Levels(int first, int count) {}

  /** Values of one packed run, or of one page of deltas: they are unpacked at once. */
  private static final int MAX_UNPACKED = 1 << 24;

  /** Writers pad their last run, mostly to 8 values, some to a few hundred. */
  private static final int MAX_PADDING = 512;

  /** Of differences; writers take 128 or 256. */
  private static final int MAX_BLOCK = 1 << 16;

  private static final int GROUP = 8;

  private EncodedRuns() {}

  /**
   * @param max the highest level there may be
   * @param values how many levels there are
   * @return the first level, and how many of all are {@code counted}
   */
  static Levels levels(ByteBuffer in, int max, int values, int counted) throws IOException {
    int width = width(max);
    int first = -1;
    int count = 0;
    int left = values;
    while (left > 0) {
      int header = header(in);
      int taken = Math.min(left, runLength(in, header, width, left));
      boolean packed = (header & 1) == 1;
      int at = in.position();
      int level = packed ? -1 : repeated(in, width);
      for (int i = 0; i < (packed ? taken : 1); i++) {
        level = packed ? unpacked(in, at, i, width) : level;
        if (level > max) {
          throw new IOException("a page has level " + level + ", the highest is " + max);
        }
        first = first < 0 ? level : first;
        count += level == counted ? (packed ? 1 : taken) : 0;
      }
      if (packed) {
        skipPacked(in, header, width);
      }
      left -= taken;
    }
    return new Levels(first, count);
  }

  static int width(int max) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(max);
  }

  private static int unpacked(ByteBuffer in, int at, int index, int width) {
    int bit = index * width;
    int from = at + (bit >>> 3);
    int low = in.get(from) & 0xFF;
    int high = from + 1 < in.limit() ? in.get(from + 1) & 0xFF : 0;
    return ((low | high << 8) >>> (bit & 7)) & ((1 << width) - 1);
  }

  private static int repeated(ByteBuffer in, int width) throws IOException {
    int value = 0;
    for (int i = 0; i < (width + 7) / 8; i++) {
      value |= unsigned(in) << (8 * i);
    }
    return value;
  }

  /** Runs of which nothing but their lengths matters. */
  static void check(ByteBuffer in, int width, int values) throws IOException {
    if (width > Integer.SIZE) {
      throw new IOException("a page claims values of " + width + " bits");
    }
    int left = values;
    while (left > 0) {
      int header = header(in);
      left -= Math.min(left, runLength(in, header, width, left));
      if ((header & 1) == 1) {
        skipPacked(in, header, width);
      } else {
        skip(in, (width + 7) / 8);
      }
    }
  }

  /** Half of it is how many values there are, or groups of them where it is odd. */
  private static int header(ByteBuffer in) throws IOException {
    long header = varlong(in);
    if (header >>> 1 == 0 || header >>> Integer.SIZE != 0) {
      throw new IOException("a page has a run of " + (header >>> 1) + " values");
    }
    return (int) header;
  }

  /**
   * How many values a run has; a packed one is bounded, and the bytes of those wanted are there.
   */
  private static int runLength(ByteBuffer in, int header, int width, int left) throws IOException {
    int length = header >>> 1;
    if ((header & 1) == 0) {
      return length;
    }
    long values = (long) length * GROUP;
    long needed = (Math.min(values, left) * width + 7) / 8;
    if (values > Math.min(left + (long) MAX_PADDING, MAX_UNPACKED) || needed > in.remaining()) {
      throw new IOException("a page has a run of " + values + " values where it has " + left);
    }
    return (int) values;
  }

  /** The last run of a page may lack what pads it. */
  private static void skipPacked(ByteBuffer in, int header, int width) {
    int bytes = (header >>> 1) * width;
    in.position(in.position() + Math.min(bytes, in.remaining()));
  }

  /**
   * Numbers kept as differences, in blocks of which each part has a width of its own.
   *
   * @param values how many the page has
   */
  static void checkDeltas(ByteBuffer in, int values) throws IOException {
    int block = varint(in);
    int parts = varint(in);
    int total = varint(in);
    varlong(in);
    boolean regular = parts > 0 && block > 0 && block % parts == 0 && block / parts % GROUP == 0;
    if (!regular || block > MAX_BLOCK || total != values || values > MAX_UNPACKED) {
      throw new IOException(
          "a page claims "
              + total
              + " differences in blocks of "
              + block
              + " with "
              + parts
              + " parts, and has "
              + values
              + " values, of which "
              + MAX_UNPACKED
              + " are the most that are read");
    }
    int part = block / parts;
    for (int left = values - 1; left > 0; left -= block) {
      varlong(in);
      int widths = in.position();
      skip(in, parts);
      for (int i = 0; i < parts && left > (long) i * part; i++) {
        skip(in, (long) part / GROUP * bits(in.get(widths + i)));
      }
    }
  }

  private static int bits(byte width) throws IOException {
    if (width < 0 || width > Long.SIZE) {
      throw new IOException("a page claims differences of " + (width & 0xFF) + " bits");
    }
    return width;
  }

  private static void skip(ByteBuffer in, long bytes) throws IOException {
    if (bytes > in.remaining()) {
      throw tooShort();
    }
    in.position(in.position() + (int) bytes);
  }

  private static int varint(ByteBuffer in) throws IOException {
    long value = varlong(in);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IOException("a page claims " + Long.toUnsignedString(value) + " values at once");
    }
    return (int) value;
  }

  private static long varlong(ByteBuffer in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int part = unsigned(in);
      value |= (part & 0x7FL) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    throw new IOException("a page has a number that does not end");
  }

  private static int unsigned(ByteBuffer in) throws IOException {
    if (!in.hasRemaining()) {
      throw tooShort();
    }
    return in.get() & 0xFF;
  }

  private static IOException tooShort() {
    return new IOException("a page ends before its values do");
  }
}
