package io.kanana.pretrain.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
  private static final Path FILE = Path.of("answers.bin");
  private static final int[] COUNTS = {7, 0, 9, 1};

  private static LogitsHeader header(int vocabulary, StoredLogs stored) {
    return new LogitsHeader(1, "t", "k", "d", vocabulary, 9, 4, 4, 3, 1, stored);
  }

  private static Answers answers(int vocabulary) {
    RandomKey key = RandomKey.of(2);
    int targets = Arrays.stream(COUNTS).sum();
    int[] ids = new int[3 * targets];
    float[] logs = new float[3 * targets];
    float[] rest = new float[targets];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = key.below(i, vocabulary);
      logs[i] = (float) -Math.abs(5 * key.gaussian(i));
    }
    rest[0] = -1e30f;
    rest[1] = -3.25f;
    return new Answers(COUNTS, ids, logs, rest);
  }

  @ParameterizedTest
  @CsvSource({"300, F32", "65536, F16", "65537, F16", "200000, F32"})
  void comeBack(int vocabulary, StoredLogs stored) {
    LogitsHeader header = header(vocabulary, stored);
    Answers written = answers(vocabulary);
    Answers read = Answers.read(written.toBytes(header), header, 4, FILE);
    assertThat(read.counts()).isEqualTo(COUNTS);
    assertThat(read.ids()).isEqualTo(written.ids());
    for (int i = 0; i < read.logProbabilities().length; i++) {
      float log = written.logProbabilities()[i];
      float allowed = stored == StoredLogs.F32 ? 0 : Math.abs(log) / 2048;
      assertThat(read.logProbabilities()[i]).isCloseTo(log, offset(allowed));
    }
    assertThat(read.logRest()[1]).isEqualTo(-3.25f);
    assertThat(read.logRest()[0]).isLessThan(-59_000f).isFinite();
  }

  @Test
  void takeFewBytesWhereTeachersAreAlike() {
    LogitsHeader header = header(300, StoredLogs.F16);
    int targets = Arrays.stream(COUNTS).sum();
    Answers same =
        new Answers(COUNTS, new int[3 * targets], new float[3 * targets], new float[targets]);
    assertThat(same.toBytes(header).length).isLessThan(answers(300).toBytes(header).length / 3);
  }

  @Test
  void everyDamageIsToldAndNothingElseHappens() {
    LogitsHeader header = header(300, StoredLogs.F16);
    byte[] bytes = answers(300).toBytes(header);
    for (int length = 0; length < bytes.length; length++) {
      refused(Arrays.copyOf(bytes, length), header);
    }
    for (int i = 0; i < Integer.BYTES; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x41;
      refused(changed, header);
    }
  }

  private static void refused(byte[] bytes, LogitsHeader header) {
    assertThatThrownBy(() -> Answers.read(bytes, header, 4, FILE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("answers.bin: ");
  }

  @Test
  void idsOfAnotherVocabularyAreRefused() {
    byte[] bytes = answers(300).toBytes(header(300, StoredLogs.F16));
    assertThatThrownBy(() -> Answers.read(bytes, header(100, StoredLogs.F16), 4, FILE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching("answers.bin: has the id \\d+ of 100; it was damaged, so make it anew");
  }
}
