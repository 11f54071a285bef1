package io.kanana.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Manifest;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.Corpora;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.miniature.MiniatureWeb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizationTest {
  @TempDir Path directory;

  private Tokenization.Result write(DocumentSource corpus, String name, double share, int threads) {
    return new Tokenization(ByteTokenizer.both(), "bytes", new Tokenization.Config(share, 200_000))
        .write(corpus, directory.resolve(name), threads, rejected -> {}, done -> {});
  }

  @Test
  void aWholeCorpusIsOneArtefact() {
    List<Document> documents = Corpora.random(1, 30, 60);
    Path target = directory.resolve("whole");
    Tokenization tokenization =
        new Tokenization(ByteTokenizer.both(), "bytes", new Tokenization.Config(0.5, 500));
    ShardsManifest written =
        tokenization.writeWhole(Corpora.of(documents), target, 2, rejected -> {}, done -> {});
    assertThat(written.documents()).isEqualTo(30);
    try (ShardSet set = ShardSet.open(target)) {
      assertThat(texts(set)).isEqualTo(documents.stream().map(Document::text).toList());
      set.verify();
    }
  }

  private static List<String> texts(ShardSet set) {
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < set.documents(); i++) {
      ShardSet.Extent extent = set.extent(i);
      int[] ids = new int[(int) (extent.end() - extent.start())];
      set.read(extent.start(), ids, 0, ids.length);
      texts.add(ByteTokenizer.both().decode(ids, true));
    }
    return texts;
  }

  @ParameterizedTest
  @CsvSource({
    "true,true,258",
    "true,false,258",
    "false,true,258",
    "false,false,258",
    "true,true,70000"
  })
  void shardsHoldEveryDocument(boolean begins, boolean ends, int vocabulary) {
    List<Document> documents = Corpora.random(1, 300, 60);
    ByteTokenizer tokenizer = new ByteTokenizer(begins, ends, vocabulary);
    try (ShardSet set = Corpora.shards(directory.resolve("s"), documents, tokenizer, 1000)) {
      assertThat(texts(set)).isEqualTo(documents.stream().map(Document::text).toList());
      assertThat(set.manifest().shards()).hasSizeGreaterThan(5);
      assertThat(set.manifest().idBytes()).isEqualTo(vocabulary > 65536 ? 4 : 2);
      long bytes = documents.stream().mapToLong(Document::textBytes).sum();
      assertThat(set.manifest().textBytes()).isEqualTo(bytes);
      int marks = (begins ? 1 : 0) + (ends ? 1 : 0);
      assertThat(set.tokens()).isEqualTo(bytes + 300L * marks);
      set.verify();
      for (long token = 0; token < set.tokens(); token += 37) {
        ShardSet.Extent extent = set.extent(set.documentAt(token));
        assertThat(token).isBetween(extent.start(), extent.end() - 1);
      }
    }
  }

  private Map<String, byte[]> files(String name) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory.resolve(name))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(directory.resolve(name).relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void theNumberOfThreadsChangesNothing(int threads) throws IOException {
    DocumentSource corpus = MiniatureWeb.Config.of(3000, 4).create();
    write(corpus, "one", 0.1, 1);
    write(corpus, "many", 0.1, threads);
    assertThat(files("one")).containsKeys("train/shards.json", "held-out/manifest.json");
    assertSame(files("many"), files("one"));
  }

  @Test
  void copiesOfADocumentAreNeverOnBothSides() {
    List<Document> documents = new ArrayList<>(Corpora.random(2, 2000, 30));
    documents.addAll(documents.stream().map(d -> Document.of("copy " + d.id(), d.text())).toList());
    Tokenization.Result result = write(Corpora.of(documents), "split", 0.2, 2);
    Set<String> train;
    List<String> heldOut;
    try (ShardSet a = ShardSet.open(directory.resolve("split/train"));
        ShardSet b = ShardSet.open(directory.resolve("split/held-out"))) {
      train = new HashSet<>(texts(a));
      heldOut = texts(b);
    }
    assertThat(heldOut).isNotEmpty().noneMatch(train::contains);
    assertThat(result.train().documents() + result.heldOut().documents()).isEqualTo(4000);
    assertThat(result.heldOut().documents()).isBetween(600L, 1000L);
  }

  @Test
  void aSideWithoutDocumentsIsRefused() {
    DocumentSource corpus = Corpora.of(Corpora.random(3, 3, 10));
    assertThatThrownBy(() -> write(corpus, "x", 0.000001, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("held-out-share");
    assertThat(directory.resolve("x")).isEmptyDirectory();
  }

  @Test
  void anEmptyCorpusIsRefused() {
    DocumentSource corpus = new Corpus(List.of(Corpora.of(List.of())));
    assertThatThrownBy(() -> write(corpus, "x", 0, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the corpus is empty");
    assertThat(directory.resolve("x")).isEmptyDirectory();
  }

  @Test
  void whatFailsHalfWayLeavesNothingAndWhatIsThereStays() throws IOException {
    DocumentSource breaking =
        quarantine ->
            new DocumentStream() {
              private int read;

              @Override
              public Document next() {
                if (read++ == 5000) {
                  throw new DataException("corrupt here");
                }
                return Document.of("d" + read, "text ".repeat(100));
              }

              @Override
              public void close() {}
            };
    assertThatThrownBy(() -> write(breaking, "x", 0, 2)).hasMessage("corrupt here");
    assertThat(directory.resolve("x")).isEmptyDirectory();
    DocumentSource good = Corpora.of(Corpora.random(1, 3, 5));
    write(good, "x", 0, 2);
    Map<String, byte[]> before = files("x");
    assertThatThrownBy(() -> write(breaking, "x", 0, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("exists already");
    assertSame(files("x"), before);
  }

  /** A kill while shards were written, or between the two sides. */
  @Test
  void whatAKilledRunLeftIsMadeAnew() throws IOException {
    DocumentSource corpus = MiniatureWeb.Config.of(300, 4).create();
    write(corpus, "whole", 0.2, 2);
    write(corpus, "killed", 0.2, 2);
    Path train = directory.resolve("killed/train");
    Files.move(train, train.resolveSibling(".train.partial"));
    assertThat(Tokenization.isDone(directory.resolve("killed"))).isFalse();
    write(corpus, "killed", 0.2, 2);
    assertThat(Tokenization.isDone(directory.resolve("killed"))).isTrue();
    assertSame(files("killed"), files("whole"));
  }

  private static void assertSame(Map<String, byte[]> files, Map<String, byte[]> expected) {
    assertThat(files.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(files.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void bothSidesAreArtefactsWhoseParentIsTheTokenizer() {
    Path tokenizer = directory.resolve("tokenizer");
    Artefact origin;
    try (ArtefactWriter artefact = ArtefactWriter.create(tokenizer, "tokenizer", List.of())) {
      artefact.write("tokenizer.json", "{}");
      origin = artefact.commit();
    }
    new Tokenization(ByteTokenizer.both(), origin, Tokenization.Config.of(0.2))
        .write(
            Corpora.of(Corpora.random(2, 100, 30)),
            directory.resolve("tokens"),
            1,
            rejected -> {},
            done -> {});
    for (String side : List.of(Tokenization.TRAIN, Tokenization.HELD_OUT)) {
      Artefact artefact = Artefact.open(directory.resolve("tokens").resolve(side));
      assertThat(artefact.manifest().kind()).isEqualTo("token-shards");
      assertThat(artefact.manifest().parents()).containsExactly(origin.id());
      try (ShardSet set = ShardSet.open(artefact.directory())) {
        assertThat(set.fingerprint()).isEqualTo(artefact.id());
        assertThat(set.manifest().tokenizer()).isEqualTo(origin.id());
      }
    }
  }

  /** Changes a file, and perhaps the manifest with it, so that nothing speaks against the file. */
  private void change(String file, String change, boolean inManifest) throws IOException {
    Path path = directory.resolve("bad/train").resolve(file);
    byte[] bytes = Files.readAllBytes(path);
    switch (change) {
      case "truncate" -> Files.write(path, Arrays.copyOf(bytes, 100));
      case "delete" -> Files.delete(path);
      case "append" -> Files.write(path, new byte[8], StandardOpenOption.APPEND);
      default -> {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(change);
        bytes[at < 0 ? 1001 : at + change.length() + 3] = at < 0 ? (byte) 0xFF : (byte) '9';
        Files.write(path, bytes);
      }
    }
    if (inManifest) {
      writeAgain(directory.resolve("bad/train"));
    }
  }

  private static void writeAgain(Path artefact) throws IOException {
    Path copy = artefact.resolveSibling("copy");
    Files.move(artefact, copy);
    try (Stream<Path> files = Files.list(copy);
        ArtefactWriter writer = ArtefactWriter.create(artefact, Tokenization.KIND, List.of())) {
      for (Path file : files.filter(path -> !path.endsWith(Manifest.FILE)).toList()) {
        writer.copy(file.getFileName().toString(), file);
      }
      writer.commit();
    }
  }

  private void refused(Class<? extends Exception> kind, String message) {
    assertThatThrownBy(
            () -> {
              try (ShardSet set = ShardSet.open(directory.resolve("bad/train"))) {
                set.read(0, new int[(int) set.tokens()], 0, (int) set.tokens());
                set.verify();
              }
            })
        .isInstanceOf(kind)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "00000.tokens,truncate,00000.tokens: has 100 bytes",
    "00000.tokens,append,00000.tokens: has",
    "00000.tokens,delete,00000.tokens",
    "00000.tokens,flip,00000.tokens",
    "00000.index,truncate,00000.index: has 100 bytes",
    "00000.index,flip,00000.index",
    "shards.json,truncate,not a manifest",
    "shards.json,delete,no token shards",
    "shards.json,'\"tokens\"',shards.json",
    "shards.json,'\"format\"',format is 9",
    "shards.json,'\"idBytes\"',idBytes is 9"
  })
  void shardsThatAreNotWhatTheirManifestSaysAreRefused(String file, String change, String message)
      throws IOException {
    write(Corpora.of(Corpora.random(5, 200, 60)), "bad", 0, 1);
    change(file, change, true);
    refused(DataException.class, message);
  }

  @ParameterizedTest
  @CsvSource({
    "00000.tokens,truncate,00000.tokens: has size 100",
    "00000.index,delete,00000.index: is in the manifest",
    "00000.index,append,00000.index: has size",
    "shards.json,truncate,shards.json: has size 100",
    "manifest.json,truncate,manifest.json",
    "manifest.json,delete,has no manifest.json"
  })
  void filesThatWereDamagedAreRefused(String file, String change, String message)
      throws IOException {
    write(Corpora.of(Corpora.random(5, 200, 60)), "bad", 0, 1);
    change(file, change, false);
    refused(CheckpointException.class, message);
  }

  @Test
  void aBitThatFlippedIsFound() throws IOException {
    write(Corpora.of(Corpora.random(5, 200, 60)), "bad", 0, 1);
    Path file = directory.resolve("bad/train/00000.tokens");
    byte[] bytes = Files.readAllBytes(file);
    bytes[1000] ^= 1;
    Files.write(file, bytes);
    refused(CheckpointException.class, "00000.tokens: has SHA-256");
  }
}
