package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.Corpora;
import io.kanana.data.document.Document;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {
  @TempDir Path directory;

  private ShardSet shards(String name, long seed, int count, ByteTokenizer tokenizer) {
    List<Document> documents = Corpora.random(seed, count, 40);
    return Corpora.shards(directory.resolve(name), documents, tokenizer, 700);
  }

  private static int[] stream(ShardSet set) {
    int[] tokens = new int[(int) set.tokens()];
    set.read(0, tokens, 0, tokens.length);
    return tokens;
  }

  /** One row as text that two rows share only if they are equal in every array. */
  private static String row(TokenBatch batch, int row) {
    int from = row * batch.contextLength();
    int to = from + batch.contextLength();
    return IntStream.of(0, 1, 2, 3)
        .mapToObj(
            i ->
                switch (i) {
                  case 0 -> batch.tokens();
                  case 1 -> batch.targets();
                  case 2 -> batch.positions();
                  default -> batch.documentStarts();
                })
        .map(array -> Arrays.toString(Arrays.copyOfRange(array, from, to)))
        .toList()
        .toString();
  }

  private static List<String> rows(BatchSource source, long first, int count, int microBatch) {
    List<String> rows = new ArrayList<>();
    for (int done = 0; done < count; done += microBatch) {
      int size = Math.min(microBatch, count - done);
      TokenBatch batch = source.batch(first + done, size);
      for (int row = 0; row < size; row++) {
        rows.add(row(batch, row));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "1,true,true",
    "2,true,true",
    "3,true,false",
    "16,false,true",
    "64,false,false",
    "100,true,true",
    "5000,true,true"
  })
  void noTokenIsLostAndNoDocumentIsCrossed(int contextLength, boolean begins, boolean ends) {
    try (ShardSet set = shards("s", contextLength, 150, new ByteTokenizer(begins, ends, 258))) {
      int[] stream = stream(set);
      SequentialBatches source = new SequentialBatches(set, contextLength);
      int sequences = (int) source.epochLength();
      TokenBatch batch = source.batch(0, sequences);
      int targets = 0;
      for (int i = 0; i < sequences * contextLength; i++) {
        if (i >= stream.length) {
          assertPadding(batch, i);
          continue;
        }
        assertThat(batch.tokens()[i]).isEqualTo(stream[i]);
        ShardSet.Extent document = set.extent(set.documentAt(i));
        int windowStart = i - i % contextLength;
        long start = Math.max(document.start(), windowStart);
        assertThat(batch.documentStarts()[i]).isEqualTo((int) (start - windowStart));
        assertThat(batch.positions()[i]).isEqualTo((int) (i - start));
        boolean last = i + 1 == document.end();
        assertThat(batch.targets()[i]).isEqualTo(last ? TokenBatch.IGNORE : stream[i + 1]);
        targets += last ? 0 : 1;
      }
      assertThat(batch.targetCount()).isEqualTo(targets).isEqualTo(stream.length - 150);
    }
  }

  private static void assertPadding(TokenBatch batch, int i) {
    assertThat(batch.tokens()[i]).isZero();
    assertThat(batch.positions()[i]).isZero();
    assertThat(batch.targets()[i]).isEqualTo(TokenBatch.IGNORE);
    assertThat(batch.documentStarts()[i]).isEqualTo(i % batch.contextLength());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 64, 1000})
  void aPassCoversTheBytesOfEveryText(int contextLength) {
    try (ShardSet set = shards("s", 9, 200, ByteTokenizer.both())) {
      SequentialBatches source = new SequentialBatches(set, contextLength);
      long bytes = 0;
      for (long i = 0; i < source.epochLength(); i++) {
        TokenBatch batch = source.batch(i, 1);
        // here every text token is a byte
        long textTargets = Arrays.stream(batch.targets()).filter(id -> id >= 0 && id < 256).count();
        assertThat(batch.textBytes()).isEqualTo(textTargets);
        bytes += batch.textBytes();
      }
      assertThat(bytes).isEqualTo(set.manifest().textBytes());
    }
  }

  @Test
  void onePassRefusesRowsBeyondItsEnd() {
    try (ShardSet set = shards("s", 9, 20, ByteTokenizer.both())) {
      SequentialBatches source = new SequentialBatches(set, 8);
      long end = source.epochLength();
      assertThatThrownBy(() -> source.batch(end - 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 50})
  void sequencesDoNotDependOnTheMicroBatch(int microBatch) {
    try (ShardSet set = shards("s", 1, 100, ByteTokenizer.both())) {
      MixtureBatches source = MixtureBatches.of(set, 16, 5);
      assertThat(rows(source, 0, 100, microBatch)).isEqualTo(rows(source, 0, 100, 1));
    }
  }

  @Test
  void seekingEqualsReplaying() {
    try (ShardSet set = shards("s", 1, 100, ByteTokenizer.both())) {
      List<String> replayed = rows(MixtureBatches.of(set, 16, 5), 0, 400, 4);
      for (int first : new int[] {0, 1, 77, 250, 396}) {
        assertThat(rows(MixtureBatches.of(set, 16, 5), first, 4, 4))
            .isEqualTo(replayed.subList(first, first + 4));
      }
    }
  }

  @Test
  void everyEpochIsAnotherPermutation() {
    try (ShardSet set = shards("s", 1, 100, ByteTokenizer.both())) {
      MixtureBatches source = MixtureBatches.of(set, 16, 5);
      int length = (int) source.epochLength();
      List<String> stored = rows(new SequentialBatches(set, 16), 0, length, 1);
      List<String> first = rows(source, 0, length, 1);
      List<String> second = rows(source, length, length, 1);
      List<String> otherSeed = rows(MixtureBatches.of(set, 16, 6), 0, length, 1);
      assertThat(first).containsExactlyInAnyOrderElementsOf(stored).isNotEqualTo(stored);
      assertThat(second).containsExactlyInAnyOrderElementsOf(stored).isNotEqualTo(first);
      assertThat(otherSeed).containsExactlyInAnyOrderElementsOf(stored).isNotEqualTo(first);
    }
  }

  @Test
  void proportionsHoldThroughoutARun() {
    try (ShardSet small = shards("small", 1, 20, ByteTokenizer.both());
        ShardSet large = shards("large", 2, 200, ByteTokenizer.both())) {
      MixturePlan plan =
          new MixturePlan(
              16,
              3,
              List.of(
                  new MixturePlan.Component("small", 0.25),
                  new MixturePlan.Component("large", 0.75)));
      MixtureBatches source = new MixtureBatches(plan, List.of(small, large));
      List<String> smallRows =
          rows(new SequentialBatches(small, 16), 0, (int) source(small).epochLength(), 1);
      List<String> run = rows(source, 0, 3 * (int) source.epochLength(), 7);
      int count = 0;
      for (int n = 1; n <= run.size(); n++) {
        count += smallRows.contains(run.get(n - 1)) ? 1 : 0;
        assertThat((double) count).isBetween(0.25 * n - 3, 0.25 * n + 3);
      }
      // the small set repeats, but never before all of it has been seen
      List<String> ofSmall = run.stream().filter(smallRows::contains).toList();
      for (int pass = 0; (pass + 1) * smallRows.size() <= ofSmall.size(); pass++) {
        assertThat(ofSmall.subList(pass * smallRows.size(), (pass + 1) * smallRows.size()))
            .containsExactlyInAnyOrderElementsOf(smallRows);
      }
    }
  }

  private static SequentialBatches source(ShardSet set) {
    return new SequentialBatches(set, 16);
  }

  @Test
  void weightsLikeTheSizesSeeEverythingOncePerEpoch() {
    try (ShardSet a = shards("a", 1, 30, ByteTokenizer.both());
        ShardSet b = shards("b", 2, 110, ByteTokenizer.both());
        ShardSet unused = shards("c", 3, 10, ByteTokenizer.both())) {
      MixturePlan plan =
          new MixturePlan(
              16,
              3,
              List.of(
                  new MixturePlan.Component("a", source(a).epochLength()),
                  new MixturePlan.Component("unused", 0),
                  new MixturePlan.Component("b", source(b).epochLength())));
      MixtureBatches source = new MixtureBatches(plan, List.of(a, unused, b));
      List<String> stored = rows(source(a), 0, (int) source(a).epochLength(), 1);
      stored.addAll(rows(source(b), 0, (int) source(b).epochLength(), 1));
      assertThat(source.epochLength()).isEqualTo(stored.size());
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(rows(source, (long) epoch * stored.size(), stored.size(), 1))
            .containsExactlyInAnyOrderElementsOf(stored);
      }
    }
  }

  @Test
  void fingerprintsTellPlansAndShardsApart() {
    try (ShardSet a = shards("a", 1, 30, ByteTokenizer.both());
        ShardSet same = shards("same", 1, 30, ByteTokenizer.both());
        ShardSet b = shards("b", 2, 30, ByteTokenizer.both())) {
      String fingerprint = MixtureBatches.of(a, 16, 1).fingerprint();
      assertThat(MixtureBatches.of(same, 16, 1).fingerprint()).isEqualTo(fingerprint);
      assertThat(
              List.of(
                  MixtureBatches.of(b, 16, 1).fingerprint(),
                  MixtureBatches.of(a, 8, 1).fingerprint(),
                  MixtureBatches.of(a, 16, 2).fingerprint(),
                  new SequentialBatches(a, 16).fingerprint()))
          .doesNotContain(fingerprint)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void shardsOfDifferentTokenizersAreRefused() {
    try (ShardSet a = shards("a", 1, 30, ByteTokenizer.both())) {
      new Tokenization(ByteTokenizer.both(), "other", Tokenization.Config.of(0))
          .write(Corpora.of(Corpora.random(1, 5, 5)), directory.resolve("o"), 1, r -> {}, d -> {});
      MixturePlan plan =
          new MixturePlan(
              8, 1, List.of(new MixturePlan.Component("a", 1), new MixturePlan.Component("o", 1)));
      try (ShardSet other = ShardSet.open(directory.resolve("o/train"))) {
        assertThatThrownBy(() -> new MixtureBatches(plan, List.of(a, other)))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("different tokenizers");
      }
    }
  }
}
