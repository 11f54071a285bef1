package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path directory;

  /** A file with this header and so many bytes after it. */
  private Path file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, dataBytes);
  }

  private Path file(long claimed, byte[] header, int dataBytes) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(claimed).put(header);
    return write(bytes.array());
  }

  private Path write(byte[] bytes) {
    try {
      return Files.write(directory.resolve("x.safetensors"), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void open(Path file) {
    SafetensorsFile.open(file).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | it needs exactly 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 3 | truncated",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 5 | too long",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | no hole",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | 4 | 4 to 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | 4 | two numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | got -1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | 4 | whole numbers",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | dtype 'F4'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | 0 | must have dtype, shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"x\":1}} | 4 | has 'x'",
        "{\"a\":7} | 0 | must be an object",
        "{\"__metadata__\":{\"format\":7}} | 0 | strings to strings",
        "{\"a\":{ | 0 | not strict JSON",
        "{} {} | 0 | only blanks",
        "[] | 0 | begin with '{'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}"
            + " | 4 | fit 63 bits",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}"
            + " | 4 | got 99999999999999999999",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}} | 6 | not overlap",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | Duplicate"
      })
  void refusesAHeaderThatBreaksARule(String header, int dataBytes, String message) {
    Path file = file(header, dataBytes);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, -1, 1L << 40, 100_000_001, 99_999_999, 1, 0})
  void aLyingLengthIsRefusedBeforeAnythingIsAllocated(long claimed) {
    Path file = file(claimed, "{}".getBytes(StandardCharsets.UTF_8), 0);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("header length is");
  }

  @Test
  void refusesBytesThatAreNotUtf8AndFilesThatAreTooShort() {
    Path overlong = file(4, new byte[] {'{', (byte) 0xc0, (byte) 0x80, '}'}, 0);
    assertThatThrownBy(() -> open(overlong)).hasMessageContaining("not UTF-8");
    for (int length = 0; length < 8; length++) {
      Path file = write(new byte[length]);
      assertThatThrownBy(() -> open(file)).isInstanceOf(CheckpointException.class);
    }
    assertThatThrownBy(() -> open(directory.resolve("none")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void controlCharactersOfANameDoNotReachTheMessage() {
    Path file = file("{\"a\\nb\\u001b[31m\":7}", 0);
    assertThatThrownBy(() -> open(file)).hasMessageContaining("'a\\u000ab\\u001b[31m'");
  }

  @Test
  void emptyTensorsAndSingleNumbersAreTensors() {
    Path file =
        file(
            "{\"none\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807],"
                + "\"data_offsets\":[2,2]},"
                + "\"one\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]}}",
            2);
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThat(opened.tensor("none").floats()).isEmpty();
      assertThat(opened.tensor("one").floats()).containsExactly(0);
      assertThatThrownBy(() -> opened.tensor("two")).hasMessageContaining("no tensor 'two'");
    }
  }

  /** Random tensors of every type come back as they were, aligned, whatever order they came in. */
  @Test
  void writtenTensorsComeBackAndTheOrderGivenDoesNotMatter() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      List<TensorContent> tensors = randomTensors(random);
      byte[] bytes = bytes(tensors);
      Collections.shuffle(tensors, random);
      assertThat(bytes(tensors)).isEqualTo(bytes);
      try (SafetensorsFile file = SafetensorsFile.open(write(bytes))) {
        assertThat(file.metadata()).isEqualTo(SafetensorsWriter.PYTORCH);
        assertThat(file.names()).hasSize(tensors.size());
        for (TensorContent tensor : tensors) {
          StoredTensor found = file.tensor(tensor.spec().name());
          assertThat(found.spec()).isEqualTo(tensor.spec());
          assertThat(found.data().mismatch(tensor.data().get())).isEqualTo(-1);
          assertThat(found.data().address() % found.spec().type().bytes()).isZero();
        }
      }
    }
  }

  private static List<TensorContent> randomTensors(Random random) {
    List<TensorContent> tensors = new ArrayList<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      List<StoredType> types = List.of(StoredType.values());
      StoredType type = types.get(random.nextInt(types.size()));
      TensorSpec spec =
          TensorSpec.of("t" + i + "\"\\한", type, random.nextInt(5), random.nextInt(1, 4));
      byte[] data = new byte[(int) spec.bytes()];
      random.nextBytes(data);
      tensors.add(new TensorContent(spec, type, () -> MemorySegment.ofArray(data)));
    }
    return tensors;
  }

  private static byte[] bytes(List<TensorContent> tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(tensors, SafetensorsWriter.PYTORCH, Channels.newChannel(out));
    return out.toByteArray();
  }

  @Test
  void largeTensorsAreConvertedPieceByPiece() throws IOException {
    float[] values = new float[600_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    TensorSpec spec = TensorSpec.of("x", StoredType.F32, values.length);
    byte[] bytes = bytes(List.of(TensorContent.of(spec, () -> values).as(StoredType.BF16)));
    assertThat(bytes.length).isLessThan(2 * values.length + 512);
    try (SafetensorsFile file = SafetensorsFile.open(write(bytes))) {
      float[] found = file.tensor("x").floats();
      for (int i = 0; i < values.length; i++) {
        float rounded = FloatConversion.fromBf16(FloatConversion.toBf16(values[i]));
        assertThat(found[i]).isEqualTo(rounded);
      }
    }
  }

  @Test
  void aNameTwiceOrTheWrongNumberOfBytesCannotBeWritten() {
    TensorSpec spec = TensorSpec.of("x", StoredType.F32, 2);
    TensorContent right = TensorContent.of(spec, () -> new float[2]);
    TensorContent wrong = TensorContent.of(spec, () -> new float[3]);
    assertThatThrownBy(() -> bytes(List.of(right, right))).hasMessageContaining("already taken");
    assertThatThrownBy(() -> bytes(List.of(wrong))).hasMessageContaining("12 bytes");
  }

  private void index(String json) {
    try {
      Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"weight_map\":{\"a\":\"../x.safetensors\"}} | file beside it",
        "{\"weight_map\":{\"a\":\"/etc/passwd\"}} | file beside it",
        "{\"weight_map\":{\"a\":\"missing.safetensors\"}} | no such file",
        "{\"weight_map\":{\"b\":\"x.safetensors\"}} | is not in 'x.safetensors'",
        "{\"weight_map\":{\"a\":3}} | must be a string",
        "{\"weight_map\":[]} | must be an object",
        "{} | is missing",
        "[] | must be a JSON object"
      })
  void refusesAnIndexThatDoesNotMatch(String json, String message) {
    file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
    index(json);
    assertThatThrownBy(() -> StoredTensors.open(directory, "model").close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void picklesAreRefusedByName() throws IOException {
    Files.createFile(directory.resolve("pytorch_model.bin"));
    assertThatThrownBy(() -> StoredTensors.open(directory, "model").close())
        .hasMessageContaining("pytorch_model.bin");
  }
}
