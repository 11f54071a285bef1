package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.data.Corpora;
import io.kanana.data.document.Document;
import io.kanana.data.parquet.TableColumns;
import io.kanana.data.parquet.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job {@code filter} with {@code write: {format: parquet}}. */
class JoinedTableTest {
  private static final String STEPS =
      "[{type: length, min-characters: 20}, {type: test-duplicates, characters: 12},"
          + " {type: length, max-characters: 60}]";
  private static final String TABLES = "write.format=parquet";

  @TempDir Path directory;

  private SmallFilter place(String name, List<Document> corpus) throws IOException {
    SmallFilter place = new SmallFilter(Files.createDirectory(directory.resolve(name)));
    place.write(corpus);
    return place;
  }

  private static List<Document> corpus(int count) {
    List<Document> documents = new ArrayList<>();
    for (Document each : Corpora.random(7, count, 80)) {
      int number = documents.size();
      Map<String, Object> metadata = new LinkedHashMap<>();
      metadata.put("url", "https://www.site" + number % 7 + ".org/" + number);
      metadata.put("tags", List.of("a", "b").subList(0, number % 3));
      metadata.put("from", Map.of("year", 1990 + number));
      if (number % 4 == 0) {
        metadata.put("late", number / 8.0);
      }
      String text = number % 10 == 3 ? "again and again and again" : each.text() + number;
      documents.add(new Document("d" + number, text, metadata));
    }
    return documents;
  }

  @Test
  void tablesHoldWhatLinesHold() throws IOException {
    List<Document> corpus = corpus(200);
    SmallFilter lines = place("lines", corpus);
    SmallFilter tables = place("tables", corpus);
    lines.run(STEPS);
    tables.run(STEPS, TABLES);
    assertThat(tables.files("kept").keySet()).containsExactly("00000.parquet");
    assertThat(tables.documents("kept")).isNotEmpty().isEqualTo(lines.documents("kept"));
    assertThat(tables.files("dropped").keySet())
        .containsExactly(
            "01-length.00000.parquet",
            "02-test-duplicates.00000.parquet",
            "03-length-2.00000.parquet");
    assertThat(tables.documents("dropped")).isNotEmpty().isEqualTo(lines.documents("dropped"));
    assertThat(tables.output().resolve("work")).doesNotExist();
    Artefact.open(tables.output().resolve("kept")).verify();
  }

  @ParameterizedTest
  @CsvSource({"1, 400", "2, 3333", "8, 1000000"})
  void neitherThreadsNorShardsChangeTables(int threads, long bytes) throws IOException {
    List<Document> corpus = corpus(150);
    SmallFilter one = place("one", corpus);
    SmallFilter other = place("other", corpus);
    one.run(STEPS, TABLES, "compute.threads=1", "shards.file-bytes=3000");
    other.run(
        STEPS,
        TABLES,
        "compute.threads=" + threads,
        "shards.file-bytes=3000",
        "shards.bytes=" + bytes);
    assertThat(one.files("kept")).hasSizeGreaterThan(2).isEqualTo(other.files("kept"));
    assertThat(one.files("dropped")).hasSizeGreaterThan(2).isEqualTo(other.files("dropped"));
    assertThat(one.documents("kept")).hasSameSizeAs(other.documents("kept"));
  }

  /** So that the directory of dropped documents is one table as well. */
  @Test
  void tablesOfOneDirectoryHaveTheSameColumns() throws IOException {
    SmallFilter run = place("run", corpus(150));
    run.run(STEPS, TABLES, "shards.file-bytes=3000");
    List<String> schemas = new ArrayList<>();
    for (String name : run.files("dropped").keySet()) {
      schemas.add(Tables.schema(run.output().resolve("dropped").resolve(name)));
    }
    assertThat(schemas).hasSizeGreaterThan(2).containsOnly(schemas.getFirst());
    assertThat(schemas.getFirst()).contains("double late", "group drop", "binary step (STRING)");
  }

  @Test
  void aStoppedRunMayGoOnWithAnotherFormatAndAFinishedOneNot() throws IOException {
    List<Document> corpus = corpus(100);
    SmallFilter run = place("run", corpus);
    String stopping = "[{type: test-counting, stop-at: 40}]";
    TestSteps.SEEN.set(0);
    run.run(new Cancellation(), stopping, "shards.bytes=500", "compute.threads=1");
    assertThat(run.output().resolve("kept")).doesNotExist();
    run.run(stopping, TABLES, "shards.bytes=500");
    assertThat(run.documents("kept")).isEqualTo(corpus);
    assertThat(run.run(stopping, TABLES, "shards.bytes=500"))
        .first()
        .asString()
        .endsWith("are there already");
    assertThatThrownBy(() -> run.run(stopping, "shards.bytes=500"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("write.format: is another one than that of the documents in");
  }

  @Test
  void moreNamesThanColumnsAreRefused() throws IOException {
    List<Document> corpus = new ArrayList<>();
    for (int i = 0; i <= TableColumns.MAX; i++) {
      corpus.add(new Document("d" + i, "text " + i, Map.of("key" + i, i)));
    }
    SmallFilter run = place("run", corpus);
    assertThatThrownBy(() -> run.run("[length]", TABLES))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the documents have 1,003 fields, and each would be a column, of which a table can have"
                + " 1,000; write lines instead, with --resume --set write.format=json-lines");
    run.run("[length]", "write.format=json-lines");
    assertThat(run.documents("kept")).isEqualTo(corpus);
  }

  @Test
  void nothingKeptIsAResult() throws IOException {
    SmallFilter run = place("run", corpus(5));
    run.run("[{type: length, min-characters: 100000}]", TABLES);
    assertThat(run.files("kept")).isEmpty();
    assertThat(run.documents("dropped")).hasSize(5);
  }
}
