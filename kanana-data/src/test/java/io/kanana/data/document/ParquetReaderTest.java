package io.kanana.data.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import io.kanana.data.Corpora;
import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.parquet.Tables;
import io.kanana.data.parquet.Tables.Encoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetReaderTest {
  @TempDir Path directory;

  private final List<RejectedRecord> rejected = new ArrayList<>();

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] table(List<Map<String, Object>> rows) throws IOException {
    return Tables.file(rows, Encoded.PLAIN, false);
  }

  private List<Document> read(FilesConfig config) {
    return Corpora.read(config.create(), rejected::add);
  }

  private List<Document> read(Object path) {
    return read(FilesConfig.of(path.toString()));
  }

  private List<Document> read(
      Object path, String textField, OnCorruptFile onCorrupt, int maxBytes) {
    return read(
        FilesConfig.of(path.toString(), Format.AUTO, textField, Split.NONE, onCorrupt, maxBytes));
  }

  private List<Document> skipping(Object path) {
    return read(path, "text", OnCorruptFile.SKIP, 1 << 20);
  }

  /** The same documents as lines of JSON would give. */
  @ParameterizedTest
  @EnumSource
  void rowsAreDocumentsAsLinesAre(Encoded encoded) throws IOException {
    List<Map<String, Object>> rows = Tables.rows(200);
    List<Document> documents = read(file("a.parquet", Tables.file(rows, encoded, true)));
    StringBuilder lines = new StringBuilder();
    for (Map<String, Object> row : rows) {
      Map<String, Object> metadata = new HashMap<>(row);
      String id = (String) metadata.remove("id");
      String text = (String) metadata.remove("text");
      lines.append(Archives.text(DocumentLines.line(new Document(id, text, metadata))));
    }
    assertThat(documents).isEqualTo(read(file("a.jsonl", Archives.utf8(lines.toString()))));
    assertThat(documents).hasSize(200).element(7).returns("r7", Document::id);
    assertThat(rejected).isEmpty();
  }

  @Test
  void theFirstBytesTellAndTheNameWhereTheyDoNot() throws IOException {
    byte[] bytes = table(Tables.rows(3));
    assertThat(read(file("a.data", bytes))).hasSize(3);
    Path pointer = file("b.parquet", Archives.utf8("version https://git-lfs.github.com/spec/v1"));
    assertThatThrownBy(() -> read(pointer))
        .isInstanceOf(DataException.class)
        .hasMessage(
            pointer
                + ": cannot be read beyond row 0 (it is no Parquet file: it does not begin with"
                + " PAR1); mend it, or set on-corrupt-file: skip");
  }

  @Test
  void otherColumnsMayBeTextAndId() throws IOException {
    Path file =
        file(
            "a.parquet",
            table(
                List.of(
                    Map.of("id", "1", "text", "t", "content", "c", "key", 17),
                    Map.of("id", "2", "text", "t"),
                    Map.of("id", "3", "text", "t", "content", " ", "key", 18))));
    FilesConfig usual = FilesConfig.of(file.toString());
    FilesConfig config =
        new FilesConfig(
            usual.path(),
            usual.format(),
            "content",
            "key",
            usual.split(),
            usual.onCorruptFile(),
            usual.maxRecordBytes(),
            usual.maxExpansion(),
            usual.maxEntryBytes(),
            usual.namespaces());
    assertThat(read(config))
        .containsExactly(new Document("17", "c", Map.of("id", "1", "text", "t")));
    assertThat(rejected)
        .extracting(r -> r.line() + " " + r.reason())
        .containsExactly("2 text-missing", "3 text-empty");
  }

  @Test
  void rowsThatAreNoDocumentsAreQuarantined() throws IOException {
    Map<String, Object> row = Map.of("id", "1", "text", "t", "n", 5, "list", List.of(1));
    Path file = file("a.parquet", table(List.of(row, row)));
    assertThat(read(file, "n", OnCorruptFile.STOP, 1 << 20)).isEmpty();
    assertThat(read(file, "list", OnCorruptFile.STOP, 1 << 20)).isEmpty();
    assertThat(read(file, "text", OnCorruptFile.STOP, 20)).isEmpty();
    assertThat(rejected)
        .extracting(r -> r.line() + " " + r.reason())
        .containsExactly(
            "1 text-not-a-string",
            "2 text-not-a-string",
            "1 text-not-a-string",
            "2 text-not-a-string",
            "1 too-long",
            "2 too-long");
    assertThat(rejected).allMatch(r -> r.file().equals(file.toString()) && !r.detail().isBlank());
  }

  /** A document without a name of its own is named by its file and row. */
  @Test
  void rowsNameDocuments() throws IOException {
    Path file = file("a.parquet", table(List.of(Map.of("id", "x", "text", "t"))));
    FilesConfig usual = FilesConfig.of(file.toString());
    assertThat(read(file, "id", OnCorruptFile.STOP, usual.maxRecordBytes()))
        .containsExactly(new Document("a.parquet:1", "x", Map.of("text", "t")));
  }

  @Test
  void aDirectoryMayMixFormats() throws IOException {
    file("a.jsonl", Archives.utf8("{\"text\": \"first\"}\n"));
    file("b.parquet", table(Tables.rows(2)));
    file("c.txt", Archives.utf8("last"));
    assertThat(read(directory)).hasSize(4);
    assertThat(read(directory + "/*.parquet")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 12, 300, 2000})
  void aTruncatedFileStopsOrIsSkipped(int length) throws IOException {
    Path file = file("a.parquet", Arrays.copyOf(table(Tables.rows(300)), length));
    file("b.parquet", table(Tables.rows(2)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a.parquet: cannot be read beyond row 0 (it is ");
    assertThat(skipping(directory + "/*.parquet")).hasSize(2);
    assertThat(rejected)
        .extracting(r -> r.line() + " " + r.reason())
        .containsExactly("1 corrupt-file");
  }

  /** What stands before the damage stays. */
  @Test
  void aDamagedPageCostsWhatIsBehindIt() throws IOException {
    List<Map<String, Object>> rows = Tables.rows(300);
    byte[] bytes = Tables.file(rows, Encoded.PLAIN, true);
    byte[] word = Archives.utf8("글 ");
    int last = 0;
    for (int i = 0; i + word.length < bytes.length; i++) {
      last = Arrays.equals(bytes, i, i + word.length, word, 0, word.length) ? i : last;
    }
    bytes[last + 4] ^= 1;
    Path file = file("a.parquet", bytes);
    file("b.parquet", table(Tables.rows(2)));
    List<Document> read = skipping(directory + "/*.parquet");
    assertThat(read).hasSizeBetween(100, 301);
    assertThat(read.get(read.size() - 3))
        .isEqualTo(
            Corpora.read(
                    FilesConfig.of(file("c.parquet", table(rows)).toString()).create(),
                    rejected::add)
                .get(read.size() - 3));
    assertThat(rejected)
        .singleElement()
        .returns((long) read.size() - 1, RejectedRecord::line)
        .returns("corrupt-file", RejectedRecord::reason)
        .returns("column text: the check sum of a page is another one", RejectedRecord::detail);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cannot be read beyond row " + (read.size() - 2) + " (column text: ");
  }

  @Test
  void whatIsPackedOrInAnArchiveIsNotRead() throws IOException {
    byte[] table = table(Tables.rows(3));
    file("a.parquet.gz", Archives.compress(table, "gzip"));
    file("b.tar", Archives.tar(Map.of("x.parquet", table)));
    file("c.parquet", table);
    assertThat(skipping(directory)).hasSize(3);
    assertThat(rejected)
        .extracting(r -> Path.of(r.file()).getFileName() + " " + r.reason())
        .containsExactly("a.parquet.gz corrupt-file", "b.tar!x.parquet corrupt-file");
    assertThat(rejected).allMatch(r -> r.detail().endsWith("unpack it"));
  }

  @Test
  void aTableThatExpandsTooFarIsToldSo() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.add(Map.of("id", "x", "text", "x".repeat(200_000)));
    }
    Path file = file("a.parquet", Tables.file(rows, Encoded.DELTA, true));
    assertThat(Files.size(file)).isLessThan(1 << 20);
    List<Document> read = skipping(file);
    assertThat(read).hasSizeBetween(100, 900);
    assertThat(rejected).extracting(RejectedRecord::reason).containsExactly("expands-too-far");
  }
}
