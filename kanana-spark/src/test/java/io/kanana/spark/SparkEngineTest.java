package io.kanana.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark within this process gives what the threads of this process give, to the byte. */
class SparkEngineTest {
  /** What the miniature web's cascade has not, and a filter that only one place can decide. */
  private static final String OTHER_STEPS =
      """
      - {type: duplicate-spans, sentences: 2, min-words: 5, min-sentences: 1}
      - {type: near-duplicates, keep: longest, bands: 20, rows: 5}
      - {type: test-same-length, most: 3}
      - {type: exact-duplicates, text: simplified}
      """;

  @TempDir static Path directory;

  private static Web web;
  private static SortedMap<String, String> expected;

  @BeforeAll
  static void runLocally() throws IOException {
    web = Web.write(directory, 400);
    Run.of(web.config("local", Web.STEPS));
    expected = Outcome.of(web.output("local"));
  }

  @Test
  void theCascadeOfTheMiniatureWeb() throws IOException {
    Run.of(web.config("spark", Web.STEPS), Run.SPARK);
    assertThat(Outcome.of(web.output("spark"))).isEqualTo(expected);
    assertThat(expected.keySet())
        .contains("kept/clusters.jsonl", "kept/decontamination.json", "kept/00003.jsonl.zst")
        .anyMatch(file -> file.startsWith("dropped/08-near-duplicates"));
    assertThat(web.output("spark").resolve("work")).doesNotExist();
  }

  @Test
  void theOtherFiltersOfACorpus() throws IOException {
    Run.of(web.config("other-local", OTHER_STEPS));
    Run.of(web.config("other-spark", OTHER_STEPS), Run.SPARK);
    SortedMap<String, String> outcome = Outcome.of(web.output("other-local"));
    assertThat(Outcome.of(web.output("other-spark"))).isEqualTo(outcome);
    assertThat(outcome.keySet())
        .contains("kept/lengths.txt")
        .anyMatch(file -> file.startsWith("dropped/01-duplicate-spans"))
        .anyMatch(file -> file.startsWith("dropped/02-near-duplicates"))
        .anyMatch(file -> file.startsWith("dropped/03-test-same-length"));
  }

  @Test
  void tables() throws IOException {
    String steps = "- {type: length, min-characters: 20}\n- exact-duplicates\n";
    String format = "write.format=parquet";
    Run.of(web.config("tables-local", steps), format);
    Run.of(web.config("tables-spark", steps), format, Run.SPARK);
    SortedMap<String, String> outcome = Outcome.of(web.output("tables-local"));
    assertThat(Outcome.of(web.output("tables-spark"))).isEqualTo(outcome);
    assertThat(outcome.keySet())
        .contains("kept/00002.parquet", "dropped/02-exact-duplicates.00000.parquet");
  }

  /** Asks to stop once a status has been told that begins like this. */
  private record StopAt(String status, Cancellation cancellation) implements Progress {
    @Override
    public void line(String text) {}

    @Override
    public void status(String text) {
      if (text.startsWith(status)) {
        cancellation.request();
      }
    }
  }

  @Test
  void aStoppedRunGoesOnWithEitherEngine() throws IOException {
    Path config = web.config("stopped", Web.STEPS);
    for (String moment : List.of("stage 1", "duplicate-paragraphs", "near-duplicates")) {
      Cancellation cancellation = new Cancellation();
      Run.of(config, cancellation, new StopAt(moment, cancellation), Run.SPARK);
      assertThat(cancellation.requested()).as(moment).isTrue();
      assertThat(web.output("stopped").resolve("kept")).doesNotExist();
    }
    Run.of(config);
    assertThat(Outcome.of(web.output("stopped"))).isEqualTo(expected);
  }

  @Test
  void whatATaskRefusesIsRefusedAsEver() throws IOException {
    Path place = Files.createDirectory(directory.resolve("corrupt"));
    Web small = Web.write(place, 8);
    Files.write(place.resolve("web-9.jsonl.zst"), new byte[] {40, -75, 47, -3, 0});
    Path config = small.config("refused", "- length");
    assertThatThrownBy(() -> Run.of(config, "data.documents=['" + place + "/web-*']", Run.SPARK))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("web-9.jsonl.zst");
  }

  @Test
  void nothingButBlankDocumentsIsRefused() throws IOException {
    Path place = Files.createDirectory(directory.resolve("blank"));
    Files.writeString(place.resolve("web-0.jsonl"), "{\"text\": \" \"}\n");
    Files.writeString(place.resolve("web-1.jsonl"), "{}\n");
    Web blank = new Web(place);
    List<String> messages = new ArrayList<>();
    for (String compute : List.of("compute={type: local}", Run.SPARK)) {
      Path config = blank.config("blank-" + messages.size(), "- length");
      assertThatThrownBy(() -> Run.of(config, compute))
          .isInstanceOf(DataException.class)
          .satisfies(e -> messages.add(e.getMessage()));
    }
    assertThat(messages.getLast()).isEqualTo(messages.getFirst()).contains("blank");
  }

  @Test
  void aClusterWantsAbsolutePaths() throws IOException {
    Path config = web.config("relative", "- length");
    assertThatThrownBy(
            () ->
                Run.of(
                    config,
                    "data.documents=[src/*.jsonl]",
                    "compute={type: spark, master: 'spark://127.0.0.1:1'}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("data.documents[0].path: must be an absolute path")
        .hasMessageContaining("src/*.jsonl");
  }
}
