package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.FuzzInputs;
import io.kanana.core.model.RopeScaling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random mutations: a reader either accepts what it gets or throws a {@link
 * CheckpointException}, and never allocates more than a multiple of what it was given.
 */
class CheckpointFuzzTest {
  private static final int ROUNDS = FuzzInputs.count(10_000);
  private static final long MOST_ALLOCATED = 4 << 20;
  private static final String[] TOKENS = {
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "0",
    "-1",
    "1e99",
    "9223372036854775807",
    "99999999999999999999999",
    "null",
    "true",
    "\"F32\"",
    "\"BF16\"",
    "\"shape\"",
    "\"dtype\"",
    "\"data_offsets\"",
    "\\u0000",
    "\\ud800",
    "é",
    "\"rope_type\"",
    "\"yarn\"",
    "\"llama3\"",
    "{}",
    "[0,0]",
    "[[[[[[[[",
    "NaN",
    "/**/"
  };

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private void fuzz(byte[] good, Consumer<byte[]> reader) {
    Random random = new Random(4);
    int refused = 0;
    reader.accept(good);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutated(good, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        reader.accept(bytes);
      } catch (CheckpointException e) {
        refused++;
        assertThat(e.getMessage()).doesNotContain("\n");
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).isLessThan(MOST_ALLOCATED);
    }
    assertThat(refused).isGreaterThan(ROUNDS / 4);
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int place = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, Math.max(1, place));
            case 1 -> replaced(bytes, place, new byte[] {(byte) random.nextInt(256)});
            case 2 -> spliced(bytes, place, 0, token(random));
            case 3 -> spliced(bytes, place, random.nextInt(12), token(random));
            default -> spliced(bytes, place, random.nextInt(40), new byte[0]);
          };
    }
    return bytes;
  }

  private static byte[] token(Random random) {
    return TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] bytes, int place, byte[] by) {
    return spliced(bytes, place, by.length, by);
  }

  private static byte[] spliced(byte[] bytes, int place, int removed, byte[] added) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, place);
    out.writeBytes(added);
    int rest = Math.min(bytes.length, place + removed);
    out.write(bytes, rest, bytes.length - rest);
    return out.size() == 0 ? new byte[1] : out.toByteArray();
  }

  private static byte[] safetensors() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<TensorContent> tensors =
        List.of(
            TensorContent.of(TensorSpec.of("a", StoredType.F32, 2, 3), () -> new float[6]),
            TensorContent.of(TensorSpec.of("b", StoredType.F32, 4), () -> new float[4])
                .as(StoredType.BF16));
    SafetensorsWriter.write(tensors, SafetensorsWriter.PYTORCH, Channels.newChannel(out));
    return out.toByteArray();
  }

  private static void header(byte[] bytes) {
    SafetensorsHeader header =
        SafetensorsHeader.read(Path.of("fuzz"), MemorySegment.ofArray(bytes));
    long used = header.entries().values().stream().mapToLong(entry -> entry.spec().bytes()).sum();
    assertThat(header.dataStart() + used).isEqualTo(bytes.length);
  }

  @Test
  void safetensorsHeader() throws IOException {
    fuzz(safetensors(), CheckpointFuzzTest::header);
  }

  /** The length is kept right, so that every mutation reaches the JSON. */
  @Test
  void safetensorsJson() throws IOException {
    byte[] good = safetensors();
    int length = good.length - 32;
    byte[] json = Arrays.copyOfRange(good, 8, length);
    byte[] data = Arrays.copyOfRange(good, length, good.length);
    fuzz(json, mutated -> header(file(mutated, data)));
  }

  private static byte[] file(byte[] json, byte[] data) {
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(json.length).put(json).put(data).array();
  }

  @Test
  void modelConfiguration() {
    for (RopeScaling scaling : List.of(new RopeScaling.None(), RopeScaling.Yarn.of(4, 64))) {
      byte[] good = HuggingFaceConfigTest.example(scaling).toJson();
      fuzz(good, bytes -> HuggingFaceConfig.parse("fuzz", bytes));
    }
  }

  @Test
  void manifest() {
    Manifest good =
        new Manifest(
            "checkpoint",
            List.of("0".repeat(64)),
            new TreeMap<>(Map.of("a", new Manifest.FileRecord(3, "1".repeat(64)))));
    fuzz(good.toJson(), bytes -> Manifest.parse(Path.of("fuzz"), bytes));
  }
}
