package io.kanana.data.classify;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads little-endian numbers from a file of known size. Whatever a header claims is compared with
 * what is left of the file before anything is allocated.
 */
final class BoundedReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final InputStream in;
  private final long size;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteBuffer numbers = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  BoundedReader(Path file) {
    this.file = file;
    try {
      this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
      this.size = Files.size(file);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The file's name, for messages. */
  String source() {
    return file.toString();
  }

  long remaining() {
    return size - position;
  }

  /** A damaged file: what stands before this position is wrong. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  CheckpointException damaged(String rule, Object... values) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: damaged before byte %d: %s; fetch or make it anew",
            file,
            position,
            String.format(Locale.ROOT, rule, values)));
  }

  /** Refuses a count of elements that the rest of the file cannot hold. */
  int count(String what, long count, long bytesOfEach) {
    if (count < 0 || count > remaining() / bytesOfEach || count > Integer.MAX_VALUE - 8) {
      throw damaged(
          "it claims %d %s of %d bytes, but only %d bytes follow",
          count, what, bytesOfEach, remaining());
    }
    return (int) count;
  }

  private void fill(int length) {
    if (length > remaining()) {
      throw damaged("it ends there, but %d more bytes must follow", length);
    }
    try {
      if (in.readNBytes(buffer, 0, length) < length) {
        throw damaged("it became shorter while it was read");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          file + ": cannot be read beyond byte " + position + ": " + Reason.of(e), e);
    }
    position += length;
  }

  int int32() {
    fill(Integer.BYTES);
    return numbers.getInt(0);
  }

  long int64() {
    fill(Long.BYTES);
    return numbers.getLong(0);
  }

  double float64() {
    fill(Double.BYTES);
    return numbers.getDouble(0);
  }

  byte int8() {
    fill(1);
    return buffer[0];
  }

  boolean bool() {
    byte b = int8();
    if (b != 0 && b != 1) {
      throw damaged("a yes or no is %d; it must be 0 or 1", b);
    }
    return b == 1;
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int done = 0; done < count; done += BUFFER) {
      int length = Math.min(BUFFER, count - done);
      fill(length);
      System.arraycopy(buffer, 0, bytes, done, length);
    }
    return bytes;
  }

  /** Reads finite numbers to {@code into}, from {@code at} on. */
  void floats(float[] into, int at, int count) {
    for (int done = 0; done < count; done += BUFFER / Float.BYTES) {
      int length = Math.min(BUFFER / Float.BYTES, count - done);
      fill(length * Float.BYTES);
      numbers.asFloatBuffer().get(into, at + done, length);
    }
    for (int i = at; i < at + count; i++) {
      if (!Float.isFinite(into[i])) {
        throw damaged("a weight is %s; all must be finite", into[i]);
      }
    }
  }

  /**
   * Appends the bytes before the next NUL to {@code into}, which grows.
   *
   * @return {@code into}, or a longer array that replaces it
   */
  byte[] text(byte[] into, int at, int[] end) {
    byte[] target = into;
    int length = at;
    for (byte b = int8(); b != 0; b = int8()) {
      if (length == target.length) {
        target = Arrays.copyOf(target, Math.clamp(2L * length, BUFFER, Integer.MAX_VALUE - 8));
      }
      target[length++] = b;
    }
    end[0] = length;
    return target;
  }

  /** Refuses a file that goes on. */
  void end() {
    if (remaining() > 0) {
      throw damaged("%d bytes follow the end of the model", remaining());
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be closed: " + Reason.of(e), e);
    }
  }
}
