package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  @TempDir private Path folder;

  private List<Map<Integer, Object>> events() throws IOException {
    List<Map<Integer, Object>> events = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        records(Files.readAllBytes(file)).forEach(data -> events.add(fields(data)));
      }
    }
    return events;
  }

  /** TFRecords, each checksum recomputed bit by bit. */
  private static List<byte[]> records(byte[] file) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(crc32c(length)));
      byte[] data = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(masked(crc32c(data)));
      records.add(data);
    }
    return records;
  }

  private static int crc32c(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ (0x82F63B78 & -(crc & 1));
      }
    }
    return ~crc;
  }

  private static int masked(int crc) {
    return ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
  }

  /** The last value of each field: Long, Double, Float or byte[]. */
  private static Map<Integer, Object> fields(byte[] message) {
    Map<Integer, Object> fields = new HashMap<>();
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      fields.put(
          key >>> 3,
          switch (key & 7) {
            case 0 -> (Object) varint(in);
            case 1 -> in.getDouble();
            case 2 -> bytes(in);
            case 5 -> in.getFloat();
            default -> throw new AssertionError("wire type " + (key & 7));
          });
    }
    return fields;
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[(int) varint(in)];
    in.get(bytes);
    return bytes;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private static Map<Integer, Object> inner(Map<Integer, Object> fields, int... path) {
    Map<Integer, Object> at = fields;
    for (int field : path) {
      at = fields((byte[]) at.get(field));
    }
    return at;
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  @Test
  void writesVersionSessionScalarsAndTexts() throws IOException {
    try (EventFile file = EventFile.create(folder, 1700000000.5, 0)) {
      file.scalar(1700000001.25, 300, "train/loss", 2.5);
      file.text(1700000002.0, 301, "sample", "schöner *Text*");
    }
    List<Map<Integer, Object>> events = events();
    assertThat(events).hasSize(4);
    assertThat(text(events.get(0).get(3))).isEqualTo("brain.Event:2");
    assertThat(events.get(1).get(2)).isEqualTo(1L);
    assertThat(inner(events.get(1), 7).get(1)).isEqualTo(1L);
    assertThat(events.get(2).get(1)).isEqualTo(1700000001.25);
    assertThat(events.get(2).get(2)).isEqualTo(300L);
    assertThat(text(inner(events.get(2), 5, 1).get(1))).isEqualTo("train/loss");
    assertThat(inner(events.get(2), 5, 1).get(2)).isEqualTo(2.5f);
    assertThat(text(inner(events.get(3), 5, 1, 8).get(8))).isEqualTo("schöner *Text*");
    assertThat(text(inner(events.get(3), 5, 1, 9, 1).get(1))).isEqualTo("text");
  }

  /** The known answer of CRC-32C: 32 bytes of zeros give 8a9136aa (RFC 3720, B.4). */
  @Test
  void theReadersChecksumIsCrc32c() {
    assertThat(HexFormat.of().toHexDigits(crc32c(new byte[32]))).isEqualTo("8a9136aa");
  }

  @Test
  void aContinuedRunHasAFileOfItsOwnThatStartsAfterTheResumedStep() throws IOException {
    EventFile.create(folder, 5, 0).close();
    EventFile.create(folder, 5, 40).close();
    List<Map<Integer, Object>> events = events();
    assertThat(events).hasSize(4);
    assertThat(events.get(3).get(2)).isEqualTo(41L);
  }

  @Test
  void theListenerDrawsEachReport() throws IOException {
    try (EventFile file = EventFile.create(folder, 5, 0)) {
      TensorBoardListener listener =
          new TensorBoardListener(file, () -> Instant.ofEpochMilli(1500));
      listener.stepped(MetricsWriterTest.report(3, 2.5, ""));
      listener.evaluated(
          new HeldOutReport(
              3, 2.25, 0.75, 10, 40, Map.of("code", new HeldOutReport(3, 2, 0.5, 10, 40))));
    }
    Map<String, Object> values = new HashMap<>();
    for (Map<Integer, Object> event : events()) {
      if (event.containsKey(5)) {
        assertThat(event.get(1)).isEqualTo(1.5);
        values.put(text(inner(event, 5, 1).get(1)), inner(event, 5, 1).get(2));
      }
    }
    assertThat(values)
        .containsEntry("train/loss", 2.5f)
        .containsEntry("train/cross-entropy", 2.5f)
        .containsEntry("train/skipped", 0f)
        .containsEntry("speed/flops-per-second", 4e9f)
        .containsEntry("progress/tokens", 300f)
        .containsEntry("held-out/bits-per-byte", 0.75f)
        .containsEntry("held-out-code/loss", 2f)
        .containsEntry("held-out-code/bits-per-byte", 0.5f);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefusedByName() throws IOException {
    Path taken = Files.createFile(folder.resolve("taken"));
    assertThatThrownBy(() -> EventFile.create(taken, 0, 0))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("taken: events cannot be written");
  }
}
