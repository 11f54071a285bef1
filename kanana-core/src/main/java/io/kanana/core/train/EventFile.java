package io.kanana.core.train;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: {@code Event} messages of tensorboard/compat/proto/event.proto, each
 * framed as a TFRecord (length, masked CRC-32C of the length, data, masked CRC-32C of the data).
 * Every record is in the file when its call returns. Not safe for use by several threads.
 */
public final class EventFile implements AutoCloseable {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE_VALUE = 2;
  private static final int VALUE_TENSOR = 8;
  private static final int VALUE_METADATA = 9;
  private static final int METADATA_PLUGIN_DATA = 1;
  private static final int PLUGIN_NAME = 1;
  private static final int TENSOR_DTYPE = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int TENSOR_STRING_VAL = 8;
  private static final int SHAPE_DIM = 2;
  private static final int DIM_SIZE = 1;
  private static final int DT_STRING = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;
  private static final int MASK_DELTA = 0xA282EAD8;

  private final Path directory;
  private final OutputStream out;

  private EventFile(Path directory, OutputStream out) {
    this.directory = directory;
    this.out = out;
  }

  /**
   * Makes a new file in a directory, which is made if need be. A viewer then forgets what older
   * files of the directory say about steps after {@code lastStep}.
   *
   * @param seconds the time now, since 1970
   * @param lastStep the step that the run continues after; 0 for a new run
   * @throws CheckpointException if it cannot be written
   */
  public static EventFile create(Path directory, double seconds, long lastStep) {
    try {
      Files.createDirectories(directory);
      EventFile file = new EventFile(directory, open(directory, (long) seconds));
      file.write(event(seconds, 0).text(EVENT_FILE_VERSION, "brain.Event:2"));
      ProtoMessage start = new ProtoMessage().int64(SESSION_STATUS, SESSION_START);
      file.write(event(seconds, lastStep + 1).message(EVENT_SESSION_LOG, start));
      return file;
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private static CheckpointException failure(Path directory, IOException e) {
    return new CheckpointException(
        directory
            + ": events cannot be written: "
            + Reason.of(e)
            + "; make room and resume the run",
        e);
  }

  /** Viewers read the files of a directory in the order of their names. */
  private static OutputStream open(Path directory, long seconds) throws IOException {
    for (int serial = 0; ; serial++) {
      String name =
          String.format(Locale.ROOT, "events.out.tfevents.%010d.kanana.%04d", seconds, serial);
      Path file = directory.resolve(name);
      if (!Files.exists(file)) {
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
      }
    }
  }

  /** A point of a curve. */
  public void scalar(double seconds, long step, String tag, double value) {
    summary(
        seconds,
        step,
        new ProtoMessage().text(VALUE_TAG, tag).float32(VALUE_SIMPLE_VALUE, (float) value));
  }

  /** A text, which viewers show as Markdown. */
  public void text(double seconds, long step, String tag, String markdown) {
    ProtoMessage plugin = new ProtoMessage().text(PLUGIN_NAME, "text");
    ProtoMessage one = new ProtoMessage().message(SHAPE_DIM, new ProtoMessage().int64(DIM_SIZE, 1));
    ProtoMessage tensor =
        new ProtoMessage()
            .int64(TENSOR_DTYPE, DT_STRING)
            .message(TENSOR_SHAPE, one)
            .text(TENSOR_STRING_VAL, markdown);
    summary(
        seconds,
        step,
        new ProtoMessage()
            .text(VALUE_TAG, tag)
            .message(VALUE_TENSOR, tensor)
            .message(VALUE_METADATA, new ProtoMessage().message(METADATA_PLUGIN_DATA, plugin)));
  }

  private void summary(double seconds, long step, ProtoMessage value) {
    ProtoMessage summary = new ProtoMessage().message(SUMMARY_VALUE, value);
    try {
      write(event(seconds, step).message(EVENT_SUMMARY, summary));
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private static ProtoMessage event(double seconds, long step) {
    return new ProtoMessage().float64(EVENT_WALL_TIME, seconds).int64(EVENT_STEP, step);
  }

  private void write(ProtoMessage event) throws IOException {
    byte[] data = event.toBytes();
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(data.length);
    ByteBuffer record =
        ByteBuffer.allocate(data.length + Long.BYTES + 2 * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(length.array())
            .putInt(maskedCrc(length.array()))
            .put(data)
            .putInt(maskedCrc(data));
    out.write(record.array());
    out.flush();
  }

  /** A checksum that stays good when data hold checksums themselves: rotated and shifted. */
  private static int maskedCrc(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }
}
