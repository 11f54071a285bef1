package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.FuzzInputs;
import io.kanana.core.random.RandomKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are not what they claim to be. */
class FastTextReaderTest {
  private static final int ENTRIES = 64;
  private static final int MUTATIONS = FuzzInputs.count(1_500);

  @TempDir private Path directory;

  private static byte[] bin(Loss loss) {
    ClassifierOptions options = new ClassifierOptions(0.5, 3, 2, 2, 2, 3, 40, loss, 1);
    TextClassifier classifier =
        new ClassifierTrainer(options, RandomKey.of(1))
            .train(SomeTexts.from(0, 30), ClassifierTrainer.Listener.NONE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      FastTextWriter.write(classifier.model(), options, Channels.newChannel(out));
    } catch (IOException e) {
      throw new AssertionError("memory can be written", e);
    }
    return out.toByteArray();
  }

  private TextClassifier read(byte[] bytes) throws IOException {
    Path file = directory.resolve("model.bin");
    Files.write(file, bytes);
    return TextClassifier.read(file);
  }

  /** Either it is refused by name, or it predicts something. */
  private boolean isRefused(byte[] bytes) throws IOException {
    try {
      TextClassifier classifier = read(bytes);
      List<ScoredLabel> all = classifier.predict("the 푸른 red </s> x\n한 글", 10, 0);
      assertThat(all).hasSizeLessThanOrEqualTo(classifier.labels().size());
      return false;
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).contains("model.bin").doesNotContain("\n");
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void mutatedModelsOfOurs(Loss loss) throws IOException {
    assertThat(refused(bin(loss), MUTATIONS)).isPositive();
  }

  @Test
  void mutatedQuantisedModels() throws IOException {
    assertThat(refused(QuantizedModels.pruned(), MUTATIONS)).isPositive();
    assertThat(isRefused(QuantizedModels.pruned())).isFalse();
  }

  private int refused(byte[] good, int mutations) throws IOException {
    int refused = 0;
    for (int i = 0; i < mutations; i++) {
      RandomKey key = RandomKey.of(i);
      byte[] bad = good.clone();
      // the head and the dictionary as often as all the weights
      int within = key.below(0, 2) == 0 ? Math.min(bad.length, 300) : bad.length;
      for (int change = 0; change <= key.below(1, 3); change++) {
        bad[key.below(10 + change, within)] = (byte) key.below(20 + change, 256);
      }
      if (key.below(2, 4) == 0) {
        bad = Arrays.copyOf(bad, key.below(3, bad.length));
      }
      refused += isRefused(bad) ? 1 : 0;
    }
    return refused;
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] good = bin(Loss.SOFTMAX);
    assertThat(isRefused(good)).isFalse();
    for (int length = 0; length < good.length; length += length < 400 ? 1 : 97) {
      assertThat(isRefused(Arrays.copyOf(good, length))).as("%d bytes", length).isTrue();
    }
    assertThat(isRefused(Arrays.copyOf(good, good.length + 1))).isTrue();
  }

  /** Offsets of the int32 in the head, as fastText writes it. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, no model of fastText",
    "4, 13, version 13",
    "8, 0, dimensions",
    "8, 1048577, dimensions",
    "28, 2000000000, n-grams",
    "32, 7, loss 7",
    "36, 2, word vectors",
    "40, 0, buckets",
    "40, 2000000000, one for each",
    "48, 100000, n-grams",
    "64, 2000000000, the sum must hold",
  })
  void whatTheHeadMayNotSay(int offset, int value, String message) {
    byte[] bytes = bin(Loss.SOFTMAX);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.bin")
        .hasMessageContaining(message);
  }

  @Test
  void aClaimOfTwoBillionWordsAllocatesNothing() {
    byte[] bytes = bin(Loss.SOFTMAX);
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int labels = head.getInt(ENTRIES + 8);
    head.putInt(ENTRIES, 2_000_000_000).putInt(ENTRIES + 4, 2_000_000_000 - labels);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("it claims 2000000000 entries");
  }

  @Test
  void whatIsNotThere() {
    assertThatThrownBy(() -> TextClassifier.read(directory.resolve("none.bin")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> TextClassifier.read(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("manifest.json");
  }
}
