package io.kanana.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import io.kanana.data.parquet.EncodedRuns.Levels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the looks at encoded values see, beside what parquet-java's encoders write. */
class EncodedRunsTest {
  private static int[] values(int max, int count, RandomKey key) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      // runs of one value as well as changing ones
      values[i] = (i / 40) % 2 == 0 ? i / 80 % (max + 1) : key.below(i, max + 1);
    }
    return values;
  }

  private static byte[] bytes(BytesInput input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    input.writeAllTo(bytes);
    return bytes.toByteArray();
  }

  private static ByteBuffer encoded(int[] values, int width) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            width, 64, 4096, HeapByteBufferAllocator.getInstance())) {
      for (int value : values) {
        encoder.writeInt(value);
      }
      return ByteBuffer.wrap(bytes(encoder.toBytes()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 31, 32})
  void levelsAreCounted(int max) throws IOException {
    for (int count : new int[] {1, 7, 8, 9, 500, 3000}) {
      int[] values = values(max, count, RandomKey.of(max).child(count));
      ByteBuffer bytes = encoded(values, EncodedRuns.width(max));
      int highest = 0;
      for (int value : values) {
        highest += value == max ? 1 : 0;
      }
      assertThat(EncodedRuns.levels(bytes, max, count, max))
          .isEqualTo(new Levels(values[0], highest));
      assertThat(bytes.hasRemaining()).isFalse();
      EncodedRuns.check(bytes.rewind(), EncodedRuns.width(max), count);
      assertThat(bytes.hasRemaining()).isFalse();
    }
  }

  @Test
  void aLevelBeyondTheHighestIsRefused() throws IOException {
    ByteBuffer bytes = encoded(new int[] {0, 1, 2, 3, 0, 1, 2, 1}, 2);
    assertThatThrownBy(() -> EncodedRuns.levels(bytes, 2, 8, 2))
        .hasMessage("a page has level 3, the highest is 2");
  }

  @Test
  void tooFewValuesAreRefused() throws IOException {
    ByteBuffer bytes = encoded(new int[] {0, 1, 1, 0, 1, 0, 1, 0}, 1);
    assertThatThrownBy(() -> EncodedRuns.check(bytes, 1, 9))
        .hasMessage("a page ends before its values do");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xFFFFFFFF, 0x7FFFFFFF, 0x10000001})
  void aPackedRunIsNoLongerThanWhatIsLeft(int header) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int rest = header; rest != 0; rest >>>= 7) {
      bytes.write((rest & 0x7F) | (rest >>> 7 != 0 ? 0x80 : 0));
    }
    bytes.writeBytes(new byte[100]);
    for (int width : new int[] {0, 1, 8}) {
      assertThatThrownBy(() -> EncodedRuns.check(ByteBuffer.wrap(bytes.toByteArray()), width, 100))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("a page ");
    }
  }

  @Test
  void aRunOfNothingIsRefused() {
    assertThatThrownBy(() -> EncodedRuns.check(ByteBuffer.wrap(new byte[] {0, 0, 0}), 1, 3))
        .hasMessage("a page has a run of 0 values");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 128, 129, 130, 1000})
  void differencesAreLookedThroughToTheirEnd(int count) throws IOException {
    RandomKey key = RandomKey.of(count);
    try (DeltaBinaryPackingValuesWriterForLong writer =
        new DeltaBinaryPackingValuesWriterForLong(
            128, 4, 64, 4096, HeapByteBufferAllocator.getInstance())) {
      for (int i = 0; i < count; i++) {
        writer.writeLong(i % 200 < 100 ? i : key.bits(i) >> key.below(5000 + i, 64));
      }
      ByteBuffer bytes = ByteBuffer.wrap(bytes(writer.getBytes()));
      EncodedRuns.checkDeltas(bytes, count);
      assertThat(bytes.hasRemaining()).isFalse();
      assertThatThrownBy(() -> EncodedRuns.checkDeltas(bytes.rewind(), count + 1))
          .hasMessageContaining("a page claims " + count + " differences");
      ByteBuffer cut = bytes.duplicate().rewind().limit(bytes.limit() - 1);
      assertThatThrownBy(() -> EncodedRuns.checkDeltas(cut, count))
          .hasMessage("a page ends before its values do");
    }
  }

  @Test
  void differencesInHugeBlocksAreRefused() {
    byte[] huge = {(byte) 0x80, (byte) 0x80, (byte) 0x80, 0x40, (byte) 0x80, 0x01, 0x02, 0x00};
    assertThatThrownBy(() -> EncodedRuns.checkDeltas(ByteBuffer.wrap(huge), 2))
        .hasMessageContaining("differences in blocks of 134217728 with 128 parts");
  }
}
