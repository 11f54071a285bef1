package io.kanana.data.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileDocumentsTest {
  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private interface Wrap {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] compress(byte[] bytes, String kind) throws IOException {
    Wrap wrap =
        switch (kind) {
          case "gzip" -> GZIPOutputStream::new;
          case "zstd" -> ZstdOutputStream::new;
          default -> out -> out;
        };
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = wrap.around(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static FilesConfig config(
      Object path, Format format, Split split, OnCorruptFile onCorrupt, int maxRecordBytes) {
    return FilesConfig.of(path.toString(), format, "text", split, onCorrupt, maxRecordBytes);
  }

  private List<Document> read(FilesConfig config) {
    return Corpora.read(config.create(), rejected::add);
  }

  private List<Document> read(Object path) {
    return read(FilesConfig.of(path.toString()));
  }

  private static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"id\": \"r").append(i).append("\", \"text\": \"글 ").append(i).append("\"}\n");
    }
    return lines.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "plain,a.jsonl",
    "gzip,a.jsonl.gz",
    "zstd,a.jsonl.zst",
    "zstd,a.jsonl",
    "gzip,a.json"
  })
  void compressionIsToldByTheFirstBytes(String kind, String name) throws IOException {
    Path file = file(name, compress(utf8(lines(5000)), kind));
    assertThat(read(file)).hasSize(5000).element(42).isEqualTo(Document.of("r42", "글 42"));
    assertThat(rejected).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void concatenatedStreamsAreOneFile(String kind) throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(compress(utf8(lines(10)), kind));
    both.write(compress(utf8(lines(20)), kind));
    assertThat(read(file("a.jsonl", both.toByteArray()))).hasSize(30);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x50, 0x5F})
  void zstdMayBeginWithAFrameToSkip(int kind) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) kind, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4});
    bytes.write(compress(utf8(lines(10)), "zstd"));
    assertThat(read(file("a.jsonl.zst", bytes.toByteArray()))).hasSize(10);
    assertThat(rejected).isEmpty();
  }

  @Test
  void otherFieldsAreMetadata() throws IOException {
    Path file =
        file(
            "a.jsonl",
            utf8("\uFEFF{\"id\": 7, \"lang\": \"ko\", \"n\": [1], \"body\": \"x\"}\r\n\n"));
    FilesConfig config =
        FilesConfig.of(file.toString(), Format.AUTO, "body", Split.NONE, OnCorruptFile.STOP, 1000);
    assertThat(read(config))
        .containsExactly(new Document("7", "x", Map.of("lang", "ko", "n", List.of(1))));
  }

  @Test
  void faultyRecordsAreQuarantinedWithTheirReason() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        utf8("{\"text\": \"good\"}\n{\"text\": \"cut\n[1]\n{\"txt\": \"x\"}\n{\"text\": 3}\n"));
    bytes.write(utf8("{\"text\": \" \"}\n{\"text\": \""));
    bytes.write(new byte[] {(byte) 0xC0, (byte) 0xAF});
    bytes.write(utf8("\"}\n{\"text\": \"" + "x".repeat(500) + "\"}\n{\"text\": \"a\"} {}\n"));
    bytes.write(utf8("{\"text\": \"lone \\ud800.\"}"));
    Path file = file("a.jsonl", bytes.toByteArray());
    assertThat(read(config(file, Format.AUTO, Split.NONE, OnCorruptFile.STOP, 200)))
        .containsExactly(
            Document.of("a.jsonl:1", "good"), Document.of("a.jsonl:10", "lone \uFFFD."));
    assertThat(rejected)
        .extracting(r -> r.line() + " " + r.reason())
        .containsExactly(
            "2 not-json",
            "3 not-an-object",
            "4 text-missing",
            "5 text-not-a-string",
            "6 text-empty",
            "7 not-utf-8",
            "8 too-long",
            "9 not-json");
    assertThat(rejected).allMatch(r -> r.file().equals(file.toString()) && !r.detail().isBlank());
  }

  @Test
  void deepNestingIsRejectedAndNotFollowed() throws IOException {
    Path file = file("a.jsonl", utf8("[".repeat(100_000) + "\n{\"text\": \"good\"}\n"));
    assertThat(read(file)).hasSize(1);
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("not-json");
  }

  @ParameterizedTest
  @CsvSource({"NONE,1", "BLANK_LINE,3", "END_OF_TEXT,2"})
  void textIsCutWhereAsked(Split split, int documents) throws IOException {
    Path file = file("a.txt", utf8("one\r\ntwo\n\n \nthree<|endoftext|>four\n\nfive\n"));
    List<Document> read = read(config(file, Format.AUTO, split, OnCorruptFile.STOP, 1000));
    assertThat(read).hasSize(documents);
    assertThat(read.getFirst().text())
        .isEqualTo(
            switch (split) {
              case NONE -> "one\ntwo\n\n \nthree<|endoftext|>four\n\nfive\n";
              case BLANK_LINE -> "one\ntwo\n";
              case END_OF_TEXT -> "one\ntwo\n\n \nthree";
            });
    assertThat(read).extracting(Document::id).doesNotHaveDuplicates();
  }

  @Test
  void manyMarksInOneLineTakeLinearTime() throws IOException {
    Path file = file("a.txt", utf8("a<|endoftext|>".repeat(1_000_000)));
    FilesConfig config = config(file, Format.TEXT, Split.END_OF_TEXT, OnCorruptFile.STOP, 16 << 20);
    List<Document> read =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(config));
    assertThat(read).hasSize(1_000_000);
  }

  @Test
  void aTextThatIsTooLongIsRejectedWhole() throws IOException {
    Path file = file("a.txt", utf8("short\n\n" + "long line\n".repeat(100) + "\nlast\n"));
    assertThat(read(config(file, Format.TEXT, Split.BLANK_LINE, OnCorruptFile.STOP, 100)))
        .extracting(Document::text)
        .containsExactly("short\n", "last\n");
    assertThat(rejected).hasSize(1).first().returns(3L, RejectedRecord::line);
  }

  @Test
  void aLineWithoutEndTakesNoMemory() throws IOException {
    byte[] megabytes = new byte[64 << 20];
    Arrays.fill(megabytes, (byte) 'x');
    Path file = file("a.jsonl", compress(megabytes, "zstd"));
    assertThat(read(file)).isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("too-long");
    assertThat(rejected.getFirst().detail()).contains("67108864 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aTruncatedFileStopsOrIsSkipped(String kind) throws IOException {
    StringBuilder noise = new StringBuilder();
    RandomKey key = RandomKey.of(1);
    for (int i = 0; i < 20_000; i++) {
      noise.append("{\"text\": \"").append(key.bits(i)).append("\"}\n");
    }
    byte[] whole = compress(utf8(noise.toString()), kind);
    Path file = file("a.jsonl", Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("(?s).*a.jsonl: .*line \\d+, near byte \\d+ .*on-corrupt-file: skip");
    file("b.jsonl", utf8(lines(3)));
    List<Document> read =
        read(config(directory + "/*.jsonl", Format.AUTO, Split.NONE, OnCorruptFile.SKIP, 1000));
    assertThat(read).hasSizeGreaterThan(3).last().isEqualTo(Document.of("r2", "글 2"));
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("corrupt-file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "plain"})
  void mutatedFilesGiveDocumentsOrADataException(String kind) throws IOException {
    byte[] whole = compress(utf8(lines(300)), kind);
    RandomKey key = RandomKey.of(kind.length());
    for (int i = 0; i < 300; i++) {
      byte[] mutated = whole.clone();
      RandomKey own = key.child(i);
      for (int change = 0; change < 4; change++) {
        mutated[own.below(change, mutated.length)] = (byte) own.bits(100 + change);
      }
      Path file = file("m.jsonl", mutated);
      try {
        assertThat(read(file)).hasSizeLessThanOrEqualTo(10_000);
      } catch (DataException e) {
        assertThat(e).hasMessageContaining("m.jsonl");
      }
    }
  }

  @Test
  void directoriesAndGlobsAreReadInOrder() throws IOException {
    Files.createDirectories(directory.resolve("in/deep"));
    file("in/b.txt", utf8("b"));
    file("in/deep/a.txt", utf8("deep"));
    file("in/.hidden", utf8("hidden"));
    file("in/a.jsonl", utf8(lines(2)));
    assertThat(read(directory.resolve("in")))
        .extracting(d -> d.text().strip())
        .containsExactly("글 0", "글 1", "b", "deep");
    assertThat(read(directory.resolve("in") + "/**.txt")).hasSize(2);
    assertThat(read(directory.resolve("in") + "/{a,b}.*")).hasSize(3);
    assertThatThrownBy(() -> read(directory.resolve("none")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> read(directory + "/*.parquet"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no file is there");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksToDirectoriesAreFollowed() throws IOException {
    Files.createDirectories(directory.resolve("disk/deep"));
    file("disk/a.txt", utf8("a"));
    file("disk/deep/b.txt", utf8("b"));
    Path link = Files.createSymbolicLink(directory.resolve("data"), directory.resolve("disk"));
    Files.createDirectories(directory.resolve("corpora"));
    Files.createSymbolicLink(directory.resolve("corpora/all"), link);
    for (String named : List.of("data", "corpora", "corpora/**.txt")) {
      assertThat(read(directory.resolve(named)))
          .extracting(Document::id)
          .as(named)
          .containsExactly("a.txt", "b.txt");
    }
    Path loop = Files.createSymbolicLink(directory.resolve("disk/deep/loop"), link);
    assertThatThrownBy(() -> read(directory.resolve("disk")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            loop + ": is a link to a directory above it; remove the link, or name the files");
  }

  @Test
  void aBrokenPatternIsRefused() {
    assertThatThrownBy(() -> read("a[.jsonl"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("a[.jsonl: there is no such file, and as a glob it is broken (");
    assertThatThrownBy(() -> read("a\0b"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is no path");
  }

  @Test
  void aDirectoryThatCannotBeReadIsRefused() throws IOException {
    Path closed = Files.createDirectories(directory.resolve("in/closed"));
    assumeTrue(closed.toFile().setReadable(false) && !Files.isReadable(closed), "root reads all");
    assertThatThrownBy(() -> read(directory.resolve("in")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(closed + ": cannot be read");
  }

  @Test
  void anEmptyCorpusIsRefusedWithTheReason() throws IOException {
    Path empty = file("empty.jsonl", new byte[0]);
    Path bad = file("bad.jsonl", utf8("nothing\n"));
    Corpus corpus =
        new Corpus(
            List.of(
                FilesConfig.of(empty.toString()).create(),
                FilesConfig.of(bad.toString()).create()));
    assertThatThrownBy(() -> Corpora.read(corpus, rejected::add))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the corpus is empty: all 1 records were rejected")
        .hasMessageContaining("bad.jsonl:1: not-json");
    assertThat(rejected).hasSize(1);
  }

  @Test
  void theQuarantineLogWritesAndCounts() throws IOException {
    Path log = directory.resolve("rejected.jsonl");
    try (QuarantineLog quarantine = new QuarantineLog(log)) {
      quarantine.reject(new RejectedRecord("f", 3, "not-json", "a \"b\""));
      quarantine.reject(new RejectedRecord("f", 4, "not-json", "c"));
      assertThat(quarantine.counts()).isEqualTo(Map.of("not-json", 2L));
    }
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "{\"file\":\"f\",\"line\":3,\"reason\":\"not-json\",\"detail\":\"a \\\"b\\\"\"}",
            "{\"file\":\"f\",\"line\":4,\"reason\":\"not-json\",\"detail\":\"c\"}");
  }

  /** The parser quotes the character where it stopped, and of an emoji only the first half. */
  @Test
  void theQuarantineLogHoldsWhateverARecordHolds() throws IOException {
    Path file = file("a.jsonl", utf8("😀 broken\n{\"text\": \"good\"}\n"));
    Path log = directory.resolve("rejected.jsonl");
    try (QuarantineLog quarantine = new QuarantineLog(log)) {
      assertThat(Corpora.read(FilesConfig.of(file.toString()).create(), quarantine)).hasSize(1);
    }
    assertThat(Files.readAllLines(log)).singleElement().asString().contains("not-json", "\uFFFD");
  }

  @Test
  void textBytesAreThoseOfUtf8() {
    for (String text : List.of("a", "é", "글", "😀", "a글😀é", "\uD800x")) {
      Document document = Document.of("d", text);
      assertThat(document.textBytes()).isEqualTo(utf8(document.text()).length);
    }
  }
}
