package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.dedup.NearDuplicates.Config;
import io.kanana.data.dedup.NearDuplicates.Keep;
import io.kanana.data.dedup.NearDuplicates.Preset;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NearDuplicatesTest {
  private static final String TEXT =
      "The lighthouse keeper counts eleven ships before the fog comes in and the bell begins to ring";

  private static NearDuplicates filter(Keep keep) {
    OptionalInt none = OptionalInt.empty();
    return new NearDuplicates(
        new Config(Preset.FINEWEB, keep, none, none, none, Optional.empty(), none));
  }

  /** A third of the documents are changed copies of others, in chains. */
  private static List<Document> corpus(int count) {
    RandomKey key = RandomKey.of(11);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomKey own = key.child(i);
      boolean copy = i > 0 && own.below(0, 3) == 0;
      texts.add(copy ? changed(texts.get(own.below(1, i)), own) : random(own));
    }
    return Deduplication.documents(texts.toArray(String[]::new));
  }

  private static String random(RandomKey key) {
    StringBuilder text = new StringBuilder();
    for (int w = 0; w < 60; w++) {
      text.append(w % 3 == 0 ? "말" : "word").append(key.below(10 + w, 5000)).append("x ");
    }
    return text.toString();
  }

  private static String changed(String text, RandomKey key) {
    String[] words = text.split(" ");
    words[key.below(2, words.length)] = "changed";
    return String.join(" ", words) + " end".repeat(key.below(3, 3));
  }

  @Test
  void aClusterKeepsItsFirstDocumentWithItsSize() {
    List<Document> documents =
        Deduplication.documents(
            "Something else entirely, in seven words.",
            TEXT,
            "short",
            TEXT + "!",
            TEXT.toUpperCase(Locale.ROOT),
            "short");
    Deduplication result = Deduplication.of(filter(Keep.FIRST), documents, 1);
    assertThat(result.keptIds()).containsExactly("d0", "d1", "d2", "d5");
    assertThat(result.kept().get(1).metadata())
        .isEqualTo(Map.of(NearDuplicates.CLUSTER, 1L, NearDuplicates.CLUSTER_SIZE, 3));
    assertThat(result.kept().getFirst()).isSameAs(documents.getFirst());
    assertThat(result.verdicts().get(3)).isEqualTo(Verdict.drop("near-duplicate", 1L));
  }

  @Test
  void theLongestMayStay() {
    List<Document> documents =
        Deduplication.documents(
            TEXT, TEXT + "!!", "Something else entirely, in seven words.", TEXT + "??");
    Deduplication result = Deduplication.of(filter(Keep.LONGEST), documents, 1);
    assertThat(result.keptIds()).containsExactly("d1", "d2");
    assertThat(result.kept().getFirst().metadata())
        .containsEntry(NearDuplicates.CLUSTER, 0L)
        .containsEntry(NearDuplicates.CLUSTER_SIZE, 3);
  }

  @Test
  void clustersAreListed() throws IOException {
    List<Document> documents =
        Deduplication.documents(
            "Something else entirely, in seven words.", TEXT, TEXT, TEXT + "!!");
    CorpusFilter.Decision decision =
        Deduplication.of(filter(Keep.LONGEST), documents, 1).decision();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    decision.files().get(NearDuplicates.FILE).writeTo(Channels.newChannel(out));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"cluster\":1,\"size\":3,\"kept\":3,\"members\":[1,2,3]}\n");
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void threadsChangeNothing(Preset preset) {
    List<Document> documents = corpus(2000);
    NearDuplicates filter = new NearDuplicates(Config.of(preset));
    List<Verdict> expected = Deduplication.of(filter, documents, 1).verdicts();
    for (int repetition = 0; repetition < 5; repetition++) {
      assertThat(Deduplication.of(filter, documents, 8).verdicts()).isEqualTo(expected);
    }
    assertThat(expected).anyMatch(verdict -> verdict instanceof Verdict.Drop);
  }

  @ParameterizedTest
  @EnumSource(Keep.class)
  void aSecondPassDropsNothing(Keep keep) {
    List<Document> kept = Deduplication.of(filter(keep), corpus(2000), 2).kept();
    assertThat(Deduplication.of(filter(keep), kept, 2).kept()).isEqualTo(kept);
  }

  /** The corpus's order decides which member stays, never which documents belong together. */
  @Test
  void theOrderDoesNotChangeTheClusters() {
    List<Document> documents = corpus(1000);
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(5));
    assertThat(partition(shuffled)).isEqualTo(partition(documents)).hasSizeLessThan(900);
  }

  private static Set<Set<String>> partition(List<Document> documents) {
    NearDuplicates filter = filter(Keep.FIRST);
    List<byte[]> sketches = documents.stream().map(filter::sketch).toList();
    Clusters clusters = filter.cluster(Deduplication.sketches(sketches), 2);
    return IntStream.range(0, documents.size())
        .boxed()
        .collect(
            Collectors.groupingBy(
                clusters::cluster,
                Collectors.mapping(place -> documents.get(place).id(), Collectors.toSet())))
        .values()
        .stream()
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsGivenReplacesThePresets() {
    Config config =
        new Config(
            Preset.NEMO_CURATOR,
            Keep.FIRST,
            OptionalInt.of(3),
            OptionalInt.empty(),
            OptionalInt.of(7),
            Optional.of(ShingleHash.SHA1),
            OptionalInt.empty());
    assertThat(config.shape())
        .isEqualTo(new MinHash.Shape(3, 13, Shingles.CHARACTERS, 7, ShingleHash.SHA1, 42, false));
    assertThat(new NearDuplicates(config).sketch(Document.of("d", "seven__"))).hasSize(24);
    assertThat(new NearDuplicates(config).sketch(Document.of("d", "six___"))).isEmpty();
  }

  @Test
  void largeNumbersOfSetsAreJoinedByManyThreads() {
    int count = 200_000;
    DisjointSets sets = new DisjointSets(count);
    Workers.run(
        8,
        64,
        task -> {
          RandomKey key = RandomKey.of(task);
          for (int i = 0; i < count / 64; i++) {
            int a = key.below(2L * i, count / 10) * 10;
            sets.join(a + key.below(2L * i + 1, 10), a);
          }
        });
    DisjointSets obvious = new DisjointSets(count);
    for (int task = 63; task >= 0; task--) {
      RandomKey key = RandomKey.of(task);
      for (int i = 0; i < count / 64; i++) {
        int a = key.below(2L * i, count / 10) * 10;
        obvious.join(a + key.below(2L * i + 1, 10), a);
      }
    }
    assertThat(sets.roots()).isEqualTo(obvious.roots());
  }
}
