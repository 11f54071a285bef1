package io.kanana.data.document;

import static io.kanana.data.document.Archives.compress;
import static io.kanana.data.document.Archives.tar;
import static io.kanana.data.document.Archives.utf8;
import static io.kanana.data.document.Archives.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static FilesConfig config(Object path, Format format, OnCorruptFile onCorrupt) {
    return FilesConfig.of(path.toString(), format, "text", Split.NONE, onCorrupt, 1 << 20);
  }

  private List<Document> read(FilesConfig config) {
    return Corpora.read(config.create(), rejected::add);
  }

  private List<Document> skipping(Object path) {
    return read(config(path, Format.AUTO, OnCorruptFile.SKIP));
  }

  private List<Document> read(Object path) {
    return read(config(path, Format.AUTO, OnCorruptFile.STOP));
  }

  private static Map<String, byte[]> entries() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/first.txt", utf8("first"));
    entries.put(
        "second.jsonl", utf8("{\"text\": \"second\"}\n{\"id\": \"x\", \"text\": \"third\"}"));
    return entries;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd", "bzip2", "xz"})
  void anArchiveIsReadEntryByEntry(String kind) throws IOException {
    Path file = file("all.bin", compress(tar(entries()), kind));
    assertThat(read(file))
        .extracting(Document::id, Document::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("all.bin!a/first.txt", "first\n"),
            org.assertj.core.groups.Tuple.tuple("all.bin!second.jsonl:1", "second"),
            org.assertj.core.groups.Tuple.tuple("x", "third"));
    assertThat(rejected).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "bzip2", "xz"})
  void compressedTextIsToldByItsFirstBytes(String kind) throws IOException {
    byte[] twice = compress(compress(utf8("text"), kind), "gzip");
    assertThat(read(file("a", twice))).containsExactly(Document.of("a", "text\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "bzip2", "xz", "zstd"})
  void truncatedCompressionIsCorruptWhatCameBeforeIsKept(String kind) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      lines.append("{\"text\": \"").append(Integer.toHexString(i * 0x9E3779B9)).append("\"}\n");
    }
    byte[] whole = compress(utf8(lines.toString()), kind);
    Path file = file("a.jsonl", Arrays.copyOf(whole, whole.length * 3 / 4));
    file("b.jsonl", utf8("{\"text\": \"next\"}"));
    assertThat(skipping(directory))
        .hasSizeBetween(2, 100_000)
        .last()
        .satisfies(document -> assertThat(document.text()).isEqualTo("next"));
    assertThat(rejected).extracting(RejectedRecord::reason).contains("corrupt-file");
    assertThatThrownBy(() -> read(file)).isInstanceOf(DataException.class);
  }

  @Test
  void zipsAndArchivesWithinArchivesAreEntered() throws IOException {
    Map<String, byte[]> outer = new LinkedHashMap<>();
    outer.put("in.zip", zip(entries()));
    outer.put("in.tar.gz", compress(tar(entries()), "gzip"));
    assertThat(read(file("out.tar", tar(outer))))
        .extracting(Document::id)
        .contains("out.tar!in.zip!a/first.txt", "out.tar!in.tar.gz!a/first.txt")
        .hasSize(6);
  }

  @Test
  void aPathThatLeadsOutIsOnlyAName() throws IOException {
    Path inside = Files.createDirectory(directory.resolve("in"));
    Map<String, byte[]> entries =
        Map.of("../../escaped.txt", utf8("up"), "bell\u0007.txt", utf8("bell"));
    Files.write(inside.resolve("a.tar"), tar(entries));
    Files.write(inside.resolve("b.zip"), zip(entries));
    assertThat(read(inside))
        .extracting(Document::id)
        .containsExactlyInAnyOrder(
            "a.tar!../../escaped.txt",
            "b.zip!../../escaped.txt",
            "a.tar!bell\uFFFD.txt",
            "b.zip!bell\uFFFD.txt");
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2);
    }
  }

  /** As many zeros as are asked for, which gzip makes a thousandth of. */
  private static byte[] zeros(long count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      byte[] block = new byte[1 << 20];
      for (long written = 0; written < count; written += block.length) {
        out.write(block);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aBombIsRefusedByNameAndTheRestGoesOn() throws IOException {
    byte[] bomb = zeros(200L << 20);
    file("a.gz", bomb);
    file("b.zip", zip(Map.of("bomb.txt", compress(bomb, "gzip"))));
    file("c.txt", utf8("good"));
    assertThat(skipping(directory)).containsExactly(Document.of("c.txt", "good\n"));
    assertThat(rejected)
        .filteredOn(record -> record.reason().equals("expands-too-far"))
        .extracting(record -> Path.of(record.file()).getFileName().toString())
        .containsExactly("a.gz", "b.zip!bomb.txt");
    assertThatThrownBy(() -> read(directory.resolve("b.zip")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("b.zip!bomb.txt")
        .hasMessageContaining("max-expansion");
  }

  /** What is not read has to be inflated all the same: only its data say where they end. */
  @Test
  void whatIsPassedOverInAZipIsBoundedToo() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("directory/", new byte[1 << 20]);
    entries.put("good.txt", utf8("good"));
    assertThat(skipping(file("a.zip", zip(entries))))
        .containsExactly(Document.of("a.zip!good.txt", "good\n"));
    assertThat(rejected).isEmpty();
    entries.put("directory/", new byte[80 << 20]);
    assertThat(skipping(file("b.zip", zip(entries)))).isEmpty();
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("expands-too-far");
    assertThat(rejected.getFirst().file()).endsWith("b.zip");
  }

  @Test
  void behindAnEntryThatIsTooLongAZipGoesOn() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("long.txt", new byte[5000]);
    entries.put("z.txt", utf8("last"));
    FilesConfig given = bounded(file("a.zip", zip(entries)), 4000);
    assertThat(read(given)).hasSize(4);
    assertThat(rejected).extracting(RejectedRecord::file).allMatch(f -> f.endsWith("!long.txt"));
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("expands-too-far");
  }

  private static FilesConfig bounded(Path file, long maxEntryBytes) {
    return new FilesConfig(
        file.toString(),
        Format.AUTO,
        "text",
        "id",
        Split.NONE,
        OnCorruptFile.SKIP,
        1 << 20,
        250,
        maxEntryBytes,
        List.of(0));
  }

  @Test
  void anEntryMayNotBeLongerThanItsBound() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("long.txt", new byte[5000]);
    entries.put("z.txt", utf8("last"));
    FilesConfig given = bounded(file("a.tar", tar(entries)), 4000);
    assertThat(read(given)).hasSize(4);
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("expands-too-far");
    assertThat(rejected.getFirst().file()).endsWith("a.tar!long.txt");
  }

  @Test
  void damageWithinAnArchiveCostsTheEntry() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    byte[] packed = compress(utf8("x".repeat(5000)), "gzip");
    entries.put("cut.txt.gz", Arrays.copyOf(packed, packed.length / 2));
    entries.put("bytes.txt", new byte[] {(byte) 0xC0, (byte) 0xAF});
    entries.put("long.txt", utf8("long ".repeat(300_000)));
    entries.put("good.txt", utf8("good"));
    assertThat(skipping(file("a.tar", tar(entries))))
        .containsExactly(Document.of("a.tar!good.txt", "good\n"));
    assertThat(rejected)
        .extracting(RejectedRecord::reason)
        .containsExactly("corrupt-file", "not-utf-8", "too-long");
  }

  @Test
  void markdownLosesItsFrontMatter() throws IOException {
    file("a.md", utf8("---\ntitle: \"The river\"\ntags: [x]\n---\n\n# Head\n\ntext --- more\n"));
    file("b.md", utf8("# Head\n---\ntext"));
    file("c.md", utf8("---\nnever: closed\n"));
    assertThat(read(directory))
        .extracting(Document::text)
        .containsExactly("# Head\n\ntext --- more\n", "# Head\n---\ntext", "---\nnever: closed\n");
    assertThat(read(directory))
        .extracting(document -> document.metadata().get("title"))
        .containsExactly("The river", "Head", null);
  }

  @Test
  void pagesAreDecodedAsTheySay() throws IOException {
    for (String charset : List.of("euc-kr", "utf-8")) {
      file(
          charset + ".html",
          ("<meta charset=\"" + charset + "\"><p>한국어").getBytes(Charset.forName(charset)));
    }
    file("guessed.html", "<p>한국어".getBytes(Charset.forName("x-windows-949")));
    file("marked.html", "\uFEFF<p>한국어".getBytes(StandardCharsets.UTF_16LE));
    assertThat(read(directory)).hasSize(4).allMatch(document -> document.text().contains("한국어"));
  }
}
