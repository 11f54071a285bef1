package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.data.Corpora;
import io.kanana.data.document.Document;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterJobTest {
  /** Two barriers, and steps of every kind around them. */
  private static final String EVERYTHING =
      "[{type: length, min-characters: 4}, {type: test-duplicates, characters: 12}, test-no-digits,"
          + " {type: test-duplicates, characters: 3}, {type: length, max-characters: 60}]";

  @TempDir Path directory;

  private SmallFilter small;

  @BeforeEach
  void place() {
    small = new SmallFilter(directory);
  }

  private static List<Document> corpus(int count) {
    List<Document> documents = new ArrayList<>();
    for (Document each : Corpora.random(7, count, 80)) {
      int number = documents.size();
      String text = number % 10 == 3 ? "again and again " + number % 3 : each.text() + number;
      documents.add(
          new Document(
              "d" + number,
              text,
              Map.of(
                  "url",
                  "https://www.site" + number % 7 + ".org/" + number,
                  "language",
                  number % 2 == 0 ? "ko" : "en")));
    }
    return documents;
  }

  @ParameterizedTest
  @CsvSource({"8, 1000000", "8, 2000", "1, 2000", "3, 400", "2, 7777"})
  void neitherThreadsNorShardsChangeTheDocuments(int threads, long bytes) throws IOException {
    List<Document> corpus = corpus(150);
    SmallFilter one = place("one", corpus);
    SmallFilter other = place("other", corpus);
    one.run(EVERYTHING, "compute.threads=1", "shards.file-bytes=3000");
    other.run(
        EVERYTHING,
        "compute.threads=" + threads,
        "shards.file-bytes=3000",
        "shards.bytes=" + bytes);
    assertThat(one.files("kept")).hasSizeGreaterThan(1).isEqualTo(other.files("kept"));
    assertThat(one.files("dropped")).hasSizeGreaterThan(4).isEqualTo(other.files("dropped"));
    assertThat(timeless(stats(one))).isEqualTo(timeless(stats(other)));
    assertThat(samples(one)).isEqualTo(samples(other));
  }

  private SmallFilter place(String name, List<Document> corpus) throws IOException {
    SmallFilter place = new SmallFilter(Files.createDirectory(directory.resolve(name)));
    place.write(corpus);
    return place;
  }

  private static CascadeStats stats(SmallFilter run) {
    return ShardReport.read(run.output().resolve("kept/stats.json"), CascadeStats.class);
  }

  private static Samples samples(SmallFilter run) {
    return ShardReport.read(run.output().resolve("kept/samples.json"), Samples.class);
  }

  private static String timeless(CascadeStats stats) {
    return stats.toString().replaceAll("nanoseconds=[0-9]+", "");
  }

  @Test
  void everyStepIsClosedEvenIfAnotherCannotBeMade() throws IOException {
    SmallFilter whole = place("whole", corpus(5));
    SmallFilter failing = place("failing", corpus(5));
    long before = TestSteps.CLOSED.get();
    whole.run("[test-counting, test-counting]");
    assertThat(TestSteps.CLOSED.get() - before).isEqualTo(2);
    assertThatThrownBy(() -> failing.run("[test-counting, test-failing]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be made");
    assertThat(TestSteps.CLOSED.get() - before).isEqualTo(3);
  }

  @Test
  void everyDocumentIsKeptOrDroppedAndReadsBack() throws IOException {
    List<Document> corpus = corpus(300);
    small.write(corpus);
    small.run("[{type: length, max-characters: 40}, {type: test-duplicates}]");
    List<Document> kept = small.documents("kept");
    assertThat(corpus).containsAll(kept);
    assertThat(kept).allMatch(each -> each.text().length() <= 40);
    List<Document> dropped = small.documents("dropped");
    assertThat(kept.size() + dropped.size()).isEqualTo(corpus.size());
    assertThat(dropped)
        .allSatisfy(
            each -> {
              Map<?, ?> why = (Map<?, ?>) each.metadata().get("drop");
              String step = each.text().length() > 40 ? "length" : "test-duplicates";
              assertThat(why.get("step")).isEqualTo(step);
              assertThat(why.get("reason")).isIn("too-many-characters", "duplicate");
              assertThat(why.get("value")).isInstanceOf(Number.class);
              assertThat(each.metadata()).containsKey("url");
            });
  }

  @Test
  void statisticsAddUp() throws IOException {
    small.write(corpus(300));
    small.run(EVERYTHING, "shards.bytes=1000");
    CascadeStats stats = stats(small);
    assertThat(stats.stepNames())
        .containsExactly(
            "length", "test-duplicates", "test-no-digits", "test-duplicates-2", "length-2");
    assertThat(stats.read().documents()).isEqualTo(300);
    assertThat(stats.steps().getFirst().in()).isEqualTo(stats.read());
    assertThat(stats.steps().getLast().out()).isEqualTo(stats.kept());
    for (int i = 0; i < stats.steps().size(); i++) {
      var step = stats.steps().get(i);
      assertThat(step.reasons().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(step.dropped());
      assertThat(step.domains().values().stream().mapToLong(flow -> flow.in()).sum())
          .isEqualTo(step.in().documents());
      assertThat(step.languages().values().stream().mapToLong(flow -> flow.out()).sum())
          .isEqualTo(step.out().documents());
      if (i > 0) {
        assertThat(step.in()).isEqualTo(stats.steps().get(i - 1).out());
      }
    }
    assertThat(stats.steps().get(2).changed()).isPositive();
    assertThat(stats.kept().documents()).isEqualTo(small.documents("kept").size());
  }

  @Test
  void artefactsSayWhereTheyComeFrom() throws IOException {
    small.write(corpus(50));
    small.run("[{type: length, max-characters: 40}]");
    Artefact first = Artefact.open(small.output().resolve("kept"));
    first.verify();
    Provenance provenance = Provenance.read(first.file(Provenance.FILE));
    assertThat(provenance.job()).isEqualTo("filter");
    assertThat(provenance.config()).contains("max-characters: 40");
    SmallFilter next = new SmallFilter(Files.createDirectory(directory.resolve("next")));
    next.run("[length]", "data.documents=['" + first.directory() + "']");
    Artefact second = Artefact.open(next.output().resolve("kept"));
    assertThat(second.manifest().parents()).containsExactly(first.id());
    assertThat(next.files("kept")).isEqualTo(small.files("kept"));
    assertThat(small.output().resolve("work")).doesNotExist();
  }

  @Test
  void aStoppedRunGoesOnWithoutDoingShardsAgain() throws IOException {
    List<Document> corpus = corpus(150);
    SmallFilter whole = place("whole", corpus);
    String steps = "[{type: test-duplicates, characters: 12}, test-counting]";
    whole.run(steps, "shards.bytes=500");
    small.write(corpus);
    long survivors = whole.documents("kept").size();
    TestSteps.SEEN.set(0);
    Cancellation cancellation = new Cancellation();
    String stopping =
        "[{type: test-duplicates, characters: 12}, {type: test-counting, stop-at: 60}]";
    small.run(cancellation, stopping, "shards.bytes=500", "compute.threads=2");
    assertThat(cancellation.requested()).isTrue();
    assertThat(small.output().resolve("kept")).doesNotExist();
    long before = TestSteps.SEEN.get();
    assertThat(before).isBetween(60L, survivors - 1);
    small.run(stopping, "shards.bytes=500", "compute.threads=1");
    assertThat(TestSteps.SEEN.get() - before).isLessThan(survivors - 30);
    assertThat(small.files("kept")).isEqualTo(whole.files("kept"));
    assertThat(small.files("dropped")).isEqualTo(whole.files("dropped"));
  }

  @Test
  void aKilledRunGoesOnWhileDocumentsAreStillRead() throws IOException {
    List<Document> corpus = corpus(120);
    SmallFilter whole = place("whole", corpus);
    whole.run("[{type: test-counting, fail-on: nothing}, {type: test-duplicates}]");
    small.write(corpus);
    String failing = "[{type: test-counting, fail-on: d100}, {type: test-duplicates}]";
    assertThatThrownBy(() -> small.run(failing, "shards.bytes=500"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("step test-counting failed on document d100")
        .hasRootCauseMessage("a fault of the step");
    Path half = small.output().resolve("work/stage-0/.0000099.partial");
    Files.createDirectories(half);
    Files.writeString(half.resolve("kept.jsonl.zst"), "half a file");
    long before = TestSteps.SEEN.get();
    Files.writeString(small.output().resolve("inputs.yaml"), mended(small.output()));
    small.run(
        "[{type: test-counting, fail-on: nothing}, {type: test-duplicates}]", "shards.bytes=500");
    assertThat(TestSteps.SEEN.get() - before).isLessThan(80);
    assertThat(small.files("kept")).isEqualTo(whole.files("kept"));
  }

  private static String mended(Path output) throws IOException {
    return Files.readString(output.resolve("inputs.yaml")).replace("d100", "nothing");
  }

  @Test
  void refusesToGoOnWithOtherDocumentsOrSteps() throws IOException {
    small.write(corpus(100));
    String failing = "[{type: test-counting, fail-on: d90}]";
    assertThatThrownBy(() -> small.run(failing, "shards.bytes=500", "compute.threads=1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> small.run("[{type: test-counting, fail-on: d91}]", "shards.bytes=500"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("steps")
        .hasMessageContaining("d91");
    small.write(corpus(101).subList(1, 101));
    assertThatThrownBy(() -> small.run(failing, "shards.bytes=500"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("data.documents: are not those that the run began with");
  }

  @Test
  void aFinishedRunIsNotDoneAgain() throws IOException {
    small.write(corpus(60));
    small.run(EVERYTHING);
    Artefact before = Artefact.open(small.output().resolve("kept"));
    Files.delete(small.output().resolve("funnel.html"));
    Files.delete(small.corpus());
    List<String> told = small.run(EVERYTHING);
    assertThat(told).first().asString().endsWith("are there already");
    assertThat(Artefact.open(small.output().resolve("kept")).id()).isEqualTo(before.id());
    assertThat(small.output().resolve("funnel.html")).isNotEmptyFile();
  }

  @Test
  void aFilterThatChangesDocumentsIsNamed() throws IOException {
    small.write(corpus(3));
    assertThatThrownBy(() -> small.run("[test-meddling]"))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("step test-meddling is a filter and changed document d0");
  }

  @Test
  void aDocumentOfWhichNothingIsLeftIsDropped() throws IOException {
    small.write(List.of(Document.of("digits", "12 34"), Document.of("words", "ab 12")));
    small.run("[test-no-digits, test-duplicates]");
    assertThat(small.documents("kept")).extracting(Document::text).containsExactly("ab ");
    assertThat(small.text("dropped", "01-test-no-digits.00000.jsonl.zst"))
        .contains("\"reason\":\"nothing-left\"")
        .contains("12 34");
  }

  @Test
  void recordsThatAreNoDocumentsAreCounted() throws IOException {
    Files.writeString(small.corpus(), "{\"text\": \"good\"}\nnot json\n{\"text\": \" \"}\n");
    List<String> told = small.run("[length]");
    assertThat(stats(small).rejected()).isEqualTo(Map.of("not-json", 1L, "text-empty", 1L));
    assertThat(Files.readAllLines(small.output().resolve("quarantine.jsonl"))).hasSize(2);
    assertThat(told).contains("1 records left out: not-json (see quarantine.jsonl)");
  }

  @Test
  void namesAndTextOfAnyKindSurvive() throws IOException {
    Files.writeString(
        small.corpus(),
        """
        {"body": "one", "text": "other", "id": 5, "odd": "\\ud800 x", "n": [1, null, 2.50, {"a": true}]}
        {"body": "two 한글 🙂", "name": "known"}
        """);
    String source = "data.documents[0]={type: files, text-field: body, id-field: name}";
    small.run("[test-duplicates]", source, "data.documents[0].path=" + small.corpus());
    List<Document> kept = small.documents("kept");
    assertThat(kept).extracting(Document::text).containsExactly("one", "two 한글 🙂");
    assertThat(kept.getFirst().metadata())
        .containsEntry("text_", "other")
        .containsEntry("id_", 5)
        .containsEntry("odd", "\uFFFD x");
    assertThat(kept.getFirst().metadata().get("n")).hasToString("[1, null, 2.5, {a=true}]");
    assertThat(kept.getLast().id()).isEqualTo("known");
  }

  @Test
  void nothingKeptIsAResult() throws IOException {
    small.write(corpus(5));
    List<String> told = small.run("[{type: length, min-characters: 100000}, test-duplicates]");
    assertThat(told).anyMatch(line -> line.startsWith("kept: 0 documents"));
    assertThat(small.documents("dropped")).hasSize(5);
    assertThatThrownBy(() -> small.documents("kept"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("without any document");
  }

  @Test
  void tellsHowWellPlantedFaultsAreFound() throws IOException {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      documents.add(Document.of("clean" + i, "a clean text of some length " + (char) ('a' + i)));
    }
    documents.add(new Document("s1", "short", Map.of("fault", "stub")));
    documents.add(new Document("s2", "stub of an astonishing length", Map.of("fault", "stub")));
    documents.add(Document.of("s3", "brief"));
    documents.add(new Document("x1", "an odd text of some length", Map.of("fault", "oddity")));
    documents.add(new Document("n1", "a text with 12", Map.of("fault", List.of("number"))));
    documents.add(new Document("n2", "12", Map.of("fault", "number,stub")));
    small.write(documents);
    List<String> told =
        small.run(
            "[{type: length, min-characters: 10}, test-no-digits]",
            "labels.steps={stub: length, number: test-no-digits}");
    assertThat(told)
        .contains(
            "faults of no step: 1 documents with oddity, for want of oddity",
            "faults for length: 2 of 3 found (recall 0.667, precision 0.667), 0 dropped by other steps",
            "faults for test-no-digits: 1 of 2 found (recall 0.500, precision 1.000), 1 dropped by other steps");
    assertThat(small.output().resolve("funnel.html")).content().contains("Planted faults");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "[]@steps: must name at least one step",
        "[lenght]@steps[0].type: unknown type \"lenght\"; did you mean length? known: ",
        "[{type: length, min-characters: 3, max-characters: 2}]"
            + "@steps[0].min-characters: must be at most max-characters, got 3",
        "[{type: sample, keep: 2}]@steps[0].keep: must lie in 0 .. 1, got 2.0",
      })
  void mistakesAreNamed(String steps, String problem) {
    assertThatThrownBy(() -> small.configured(steps))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "fields.url=' '@fields.url: must name a field, got \" \"",
        "fields.language=''@fields.language: must name a field, got \"\"",
        "fields.listed=-1@fields.listed: must be at least 0, got -1",
        "labels.field=''@labels.field: must name a field, got \"\"",
        "labels.steps={'a,b': length}"
            + "@labels.steps: must name faults, which are not blank and have no commas, got \"a,b\"",
        "labels.steps={stub: lenght}"
            + "@labels.steps.stub: must be a step of the cascade (length, length-2), got \"lenght\"",
      })
  void fieldsAndLabelsMeanSomething(String assignment, String problem) throws IOException {
    small.write(corpus(3));
    assertThatThrownBy(() -> small.run("[length, length]", assignment))
        .isInstanceOf(ConfigException.class)
        .hasMessage(problem);
    assertThat(small.output().resolve("inputs.yaml")).doesNotExist();
  }

  @Test
  void languagesAndLabelsAreListedLikeDomains() throws IOException {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int kind = Math.max(0, i - 4);
      documents.add(
          new Document("d" + i, "text " + i, Map.of("language", "l" + kind, "fault", "f" + kind)));
    }
    small.write(documents);
    List<String> told = small.run("[length]", "shards.bytes=10", "fields.listed=2");
    CascadeStats stats = stats(small);
    assertThat(stats.steps().getFirst().languages()).containsOnlyKeys("(others)", "l0", "l1");
    assertThat(stats.trace().labels()).isEqualTo(Map.of("(others)", 6L, "f0", 5L, "f1", 1L));
    assertThat(told)
        .contains(
            "faults of no step: 5 documents with f0, for want of f0",
            "faults not listed: 6 documents, for want of more in fields.listed");
  }

  @Test
  void theTimeOfADecisionSurvivesAStop() throws IOException {
    List<Document> corpus = corpus(150);
    String steps =
        "[{type: test-duplicates, characters: 12}, {type: test-duplicates, characters: 3},"
            + " {type: test-counting, stop-at: %d}]";
    SmallFilter whole = place("whole", corpus);
    whole.run(steps.formatted(0), "shards.bytes=500", "compute.threads=1");
    small.write(corpus);
    TestSteps.SEEN.set(0);
    String stopping = steps.formatted(whole.documents("kept").size() / 2);
    small.run(stopping, "shards.bytes=500", "compute.threads=1");
    assertThat(small.output().resolve("kept")).doesNotExist();
    small.run(stopping, "shards.bytes=500", "compute.threads=1");
    assertThat(stats(small)).isEqualTo(stats(whole));
  }

  @Test
  void aPlanReadsNothing() throws IOException {
    assertThat(small.configured("[length, test-duplicates]", "compute.threads=2").plan())
        .hasToString(
            """
            sources         1
            steps           2: length-filter, duplicates
            threads         2
            text in memory  at most about 80 MiB""");
    assertThat(small.output()).doesNotExist();
  }

  @Test
  void whatDecisionsTellStandsBesideTheDocuments() throws IOException {
    SmallFilter filter = new SmallFilter(directory);
    String page = "one two three four five six seven eight nine ten eleven twelve thirteen";
    filter.write(
        List.of(
            Document.of("a", page),
            Document.of("b", page),
            Document.of("c", "quite another page")));

    filter.run("[near-duplicates, near-duplicates]");

    Path kept = filter.output().resolve("kept");
    assertThat(filter.documents("kept")).extracting(Document::id).containsExactly("a", "c");
    assertThat(kept.resolve("clusters.jsonl")).content().contains("[0,1]");
    assertThat(kept)
        .isDirectoryContaining("glob:**/02-near-duplicates*.clusters.jsonl")
        .isDirectoryNotContaining("glob:**/*1-near-duplicates*.clusters.jsonl");
  }
}
