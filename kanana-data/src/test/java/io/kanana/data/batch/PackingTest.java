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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {
  @TempDir Path directory;

  private ShardSet shards(String name, long seed, int count, ByteTokenizer tokenizer) {
    List<Document> documents = Corpora.random(seed, count, 40);
    return Corpora.shards(directory.resolve(name), documents, tokenizer, 700);
  }

  /** The documents as sequences of 16 positions. */
  private Sequences sequences(ShardSet set, Packing packing) {
    if (packing == Packing.WINDOWS) {
      return new Windows(set, 16);
    }
    Path place = directory.resolve("packed-" + set.fingerprint());
    BestFitPacking.write(set, 16, place, done -> {});
    return BestFitSequences.open(place, set);
  }

  /** A mixture by shares of sequences. */
  private static MixtureBatches mixture(
      Map<String, Sequences> sequences, Map<String, Double> shares) {
    Map<String, MixturePlan.Domain> domains = new LinkedHashMap<>();
    sequences.forEach(
        (name, own) -> domains.put(name, MixturePlan.Domain.of(own, shares.get(name))));
    Packing packing = sequences.values().iterator().next().packing();
    return new MixtureBatches(new MixturePlan(16, packing, 3, domains), sequences);
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

  private static void assertPiece(TokenBatch batch, int at, Piece piece, ShardSet set) {
    int[] ids = new int[piece.length()];
    set.read(piece.start(), ids, 0, ids.length);
    ShardSet.Extent document = set.extent(piece.document());
    for (int t = 0; t < piece.length(); t++) {
      assertThat(batch.tokens()[at + t]).isEqualTo(ids[t]);
      assertThat(batch.positions()[at + t]).isEqualTo(t);
      assertThat(batch.documentStarts()[at + t]).isEqualTo(at);
      int[] next = {TokenBatch.IGNORE};
      if (piece.start() + t + 1 < document.end()) {
        set.read(piece.start() + t + 1, next, 0, 1);
      }
      assertThat(batch.targets()[at + t]).isEqualTo(next[0]);
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
  @EnumSource
  void sequencesDoNotDependOnTheMicroBatch(Packing packing) {
    try (ShardSet a = shards("a", 1, 100, ByteTokenizer.both());
        ShardSet b = shards("b", 2, 40, ByteTokenizer.both())) {
      MixtureBatches source =
          mixture(
              Map.of("a", sequences(a, packing), "b", sequences(b, packing)),
              Map.of("a", 0.3, "b", 0.7));
      List<String> single = rows(source, 0, 100, 1);
      for (int microBatch : new int[] {2, 3, 8, 50}) {
        assertThat(rows(source, 0, 100, microBatch)).isEqualTo(single);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void seekingEqualsReplaying(Packing packing) {
    try (ShardSet a = shards("a", 1, 100, ByteTokenizer.both());
        ShardSet b = shards("b", 2, 40, ByteTokenizer.both())) {
      Map<String, Sequences> own = Map.of("a", sequences(a, packing), "b", sequences(b, packing));
      Map<String, Double> shares = Map.of("a", 0.3, "b", 0.7);
      List<String> replayed = rows(mixture(own, shares), 0, 800, 4);
      for (int first : new int[] {0, 1, 77, 250, 796}) {
        assertThat(rows(mixture(own, shares), first, 4, 4))
            .isEqualTo(replayed.subList(first, first + 4));
      }
    }
  }

  /** No token is lost or doubled in an epoch, and the masks end with the documents. */
  @ParameterizedTest
  @EnumSource
  void anEpochHasEveryTokenOnceInItsDocument(Packing packing) {
    try (ShardSet set = shards("s", 1, 150, ByteTokenizer.both())) {
      Sequences own = sequences(set, packing);
      MixtureBatches source = mixture(Map.of("s", own), Map.of("s", 1.0));
      long targets = 0;
      for (int epoch = 0; epoch < 2; epoch++) {
        boolean[] seen = new boolean[(int) set.tokens()];
        for (long i = 0; i < source.epochLength(); i++) {
          long sequence = epoch * source.epochLength() + i;
          TokenBatch batch = source.batch(sequence, 1);
          int at = 0;
          for (Piece piece : own.pieces(source.origin(sequence).sequence())) {
            assertPiece(batch, at, piece, set);
            for (int t = 0; t < piece.length(); t++) {
              assertThat(seen[(int) piece.start() + t]).isFalse();
              seen[(int) piece.start() + t] = true;
            }
            at += piece.length();
          }
          for (; at < 16; at++) {
            assertPadding(batch, at);
          }
          targets += batch.targetCount();
        }
        assertThat(seen).doesNotContain(false);
      }
      assertThat(targets).isEqualTo(2 * (set.tokens() - set.documents()));
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

  @ParameterizedTest
  @EnumSource
  void proportionsHoldThroughoutARun(Packing packing) {
    try (ShardSet small = shards("small", 1, 20, ByteTokenizer.both());
        ShardSet large = shards("large", 2, 200, ByteTokenizer.both())) {
      Map<String, Sequences> own =
          Map.of("small", sequences(small, packing), "large", sequences(large, packing));
      MixtureBatches source = mixture(own, Map.of("small", 0.25, "large", 0.75));
      Map<String, List<Long>> given =
          Map.of("small", new ArrayList<>(), "large", new ArrayList<>());
      for (int n = 1; n <= 3 * source.epochLength(); n++) {
        MixtureBatches.Origin origin = source.origin(n - 1);
        List<Long> before = given.get(origin.domain());
        assertThat(origin.pass()).isEqualTo(before.size() / own.get(origin.domain()).count());
        before.add(origin.sequence());
        assertThat((double) given.get("small").size()).isBetween(0.25 * n - 2, 0.25 * n + 2);
      }
      // the small set repeats, but never before all of it has been seen
      List<Long> ofSmall = given.get("small");
      int size = (int) own.get("small").count();
      List<Long> all = LongStream.range(0, size).boxed().toList();
      assertThat(ofSmall).hasSizeGreaterThan(3 * size);
      for (int pass = 0; (pass + 1) * size <= ofSmall.size(); pass++) {
        assertThat(ofSmall.subList(pass * size, (pass + 1) * size))
            .containsExactlyInAnyOrderElementsOf(all);
      }
    }
  }

  private static SequentialBatches source(ShardSet set) {
    return new SequentialBatches(set, 16);
  }

  @Test
  void sharesLikeTheSizesSeeEverythingOncePerEpoch() {
    try (ShardSet a = shards("a", 1, 30, ByteTokenizer.both());
        ShardSet b = shards("b", 2, 110, ByteTokenizer.both());
        ShardSet unused = shards("c", 3, 10, ByteTokenizer.both())) {
      Map<String, Sequences> own =
          Map.of("a", new Windows(a, 16), "b", new Windows(b, 16), "c", new Windows(unused, 16));
      MixtureBatches source =
          mixture(
              own,
              Map.of("a", 1.0 * own.get("a").count(), "b", 1.0 * own.get("b").count(), "c", 0.0));
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
                  mixture(
                          Map.of("documents", sequences(a, Packing.BEST_FIT)),
                          Map.of("documents", 1.0))
                      .fingerprint(),
                  mixture(Map.of("others", new Windows(a, 16)), Map.of("others", 1.0))
                      .fingerprint(),
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
      try (ShardSet other = ShardSet.open(directory.resolve("o/train"))) {
        Map<String, Sequences> own = Map.of("a", new Windows(a, 16), "o", new Windows(other, 16));
        assertThatThrownBy(() -> mixture(own, Map.of("a", 1.0, "o", 1.0)))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("different tokenizers");
      }
    }
  }
}
