package io.kanana.data.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecontaminationTest extends CascadeStepContract {
  private static final String DUCKS =
      "Janet has sixteen ducks that lay one egg each day, and she eats three of them for breakfast.";
  private static final String MILL =
      "The miller grinds nine sacks of barley before noon and four more before the sun goes down.";

  @TempDir Path directory;

  private Benchmark benchmark(String name, String... records) {
    try {
      Path file = Files.writeString(directory.resolve(name + ".jsonl"), String.join("\n", records));
      return new Benchmark(name, file.toString(), List.of("question"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String record(String question) {
    return "{\"question\": \"" + question + "\", \"turns\": [\"" + MILL + "\", \"no\"]}";
  }

  private Decontamination.Config config(double minShare) {
    return new Decontamination.Config(
        List.of(benchmark("ducks", record(DUCKS)), benchmark("mill", record(MILL))),
        Unit.WORD,
        13,
        8,
        minShare,
        10);
  }

  @Override
  protected CascadeStep.Config config() {
    return config(0);
  }

  @Override
  protected List<Document> documents() {
    return List.of(
        Document.of("clean", "Ducks lay eggs. " + "Nobody asked how many. ".repeat(5)),
        Document.of("leak", "Exercise 4. " + DUCKS + " How many are left?"));
  }

  private static CorpusFilter.Sketches sketches(Decontamination step, List<Document> documents) {
    List<byte[]> sketches = documents.stream().map(step::sketch).toList();
    return new CorpusFilter.Sketches() {
      @Override
      public long count() {
        return sketches.size();
      }

      @Override
      public byte[] at(long place) {
        return sketches.get((int) place);
      }
    };
  }

  private static Verdict judge(Decontamination step, String text) {
    Document document = Document.of("d", text);
    return step.judge(document, step.finding(step.sketch(document)));
  }

  @Test
  void aPlantedLeakIsFoundHoweverItIsSetInType() {
    Decontamination step = config(0).create();
    String changed = DUCKS.toUpperCase(Locale.ROOT).replace(",", " --").replace(" ", "\n * ");
    for (String leak : List.of(DUCKS, "x" + " y".repeat(999) + " " + DUCKS + " z", changed)) {
      assertThat(judge(step, leak)).isEqualTo(Verdict.drop("benchmark-overlap", "ducks/0 1.000"));
    }
    assertThat(judge(step, DUCKS.replace("eats", "sells"))).isInstanceOf(Verdict.Keep.class);
  }

  @Test
  void aShareOfAnEntryMayPass() {
    // 18 words are 6 n-grams; 15 words are 3
    String half = DUCKS.substring(0, DUCKS.indexOf(" them for"));
    assertThat(judge(config(0).create(), half))
        .isEqualTo(Verdict.drop("benchmark-overlap", "ducks/0 0.500"));
    assertThat(judge(config(0.5).create(), half)).isInstanceOf(Verdict.Drop.class);
    assertThat(judge(config(0.51).create(), half)).isInstanceOf(Verdict.Keep.class);
  }

  @Test
  void shortEntriesAreLookedForAsAWhole() {
    Decontamination step =
        new Decontamination.Config(
                List.of(benchmark("short", record("One two three four five six seven eight"))),
                Unit.WORD,
                13,
                8,
                0,
                10)
            .create();
    assertThat(judge(step, "zero one two three four five six seven eight nine"))
        .isEqualTo(Verdict.drop("benchmark-overlap", "short/0 1.000"));
    assertThat(judge(step, "one two three four five six seven")).isInstanceOf(Verdict.Keep.class);
  }

  @Test
  void charactersSeeThroughSpacesAndComposition() {
    String question = "큰솔마을에서 은빛강까지 걸어서 몇 킬로미터입니까";
    Decontamination step =
        new Decontamination.Config(
                List.of(benchmark("ko", record(question))), Unit.CHARACTER, 15, 15, 0, 10)
            .create();
    String decomposed = Normalizer.normalize(question, Normalizer.Form.NFD);
    assertThat(judge(step, "문제: " + question.replace(" ", "") + "?"))
        .isInstanceOf(Verdict.Drop.class);
    assertThat(judge(step, decomposed)).isInstanceOf(Verdict.Drop.class);
    assertThat(judge(step, "큰솔마을에서 은빛강까지 얼마나 걸립니까")).isInstanceOf(Verdict.Keep.class);
  }

  @Test
  void whatManyEntriesShareIsNoLeak() {
    String instruction =
        "Read the following passage with care and then answer the question below it: ";
    String[] records = new String[4];
    for (int i = 0; i < records.length; i++) {
      records[i] = record(instruction + "colour number " + i);
    }
    Decontamination step =
        new Decontamination.Config(List.of(benchmark("shared", records)), Unit.WORD, 13, 8, 0, 3)
            .create();
    assertThat(judge(step, instruction)).isInstanceOf(Verdict.Keep.class);
    assertThat(judge(step, instruction + "colour number 2"))
        .isEqualTo(Verdict.drop("benchmark-overlap", "shared/2 1.000"));
  }

  @Test
  void keepRatesAreReportedForEachBenchmark() throws IOException {
    Decontamination step = config(0).create();
    List<Document> documents =
        List.of(
            Document.of("a", DUCKS),
            Document.of("b", MILL + " " + DUCKS),
            Document.of("c", "clean"),
            Document.of("d", "clean too"));
    CorpusFilter.Decision decision = step.decide(sketches(step, documents), 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    decision.files().get("decontamination.json").writeTo(Channels.newChannel(out));
    ObjectNode report = Yaml.read(out.toString(StandardCharsets.UTF_8));
    assertThat(report.path("documents").asInt()).isEqualTo(4);
    assertThat(report.path("documentsKeptPercent").asDouble()).isEqualTo(50);
    assertThat(report.at("/benchmarks/0/name").asText()).isEqualTo("ducks");
    assertThat(report.at("/benchmarks/0/documentsKeptPercent").asDouble()).isEqualTo(50);
    assertThat(report.at("/benchmarks/1/documentsKeptPercent").asDouble()).isEqualTo(75);
    assertThat(report.at("/benchmarks/1/found").asInt()).isEqualTo(1);
    long bytes = documents.stream().mapToLong(Document::textBytes).sum();
    long clean = bytes - documents.get(1).textBytes();
    assertThat(report.at("/benchmarks/1/bytesKeptPercent").asDouble())
        .isEqualTo(Math.round(10_000.0 * clean / bytes) / 100.0);
  }

  @Test
  void everyEntryThatADocumentHoldsIsFoundAndTheDocumentDroppedOnce() {
    Decontamination step =
        new Decontamination.Config(
                List.of(benchmark("two", record(DUCKS), record(MILL))), Unit.WORD, 13, 8, 0.5, 10)
            .create();
    List<Document> documents =
        List.of(Document.of("both", MILL + " " + DUCKS), Document.of("clean", "clean"));
    KeepRates rates = step.tally();
    documents.forEach(document -> rates.add(step.sketch(document)));
    ObjectNode report = rates.report();
    assertThat(report.at("/benchmarks/0/found").asInt()).isEqualTo(2);
    assertThat(report.at("/benchmarks/0/documentsDropped").asInt()).isEqualTo(1);
    assertThat(report.at("/benchmarks/0/documentsKeptPercent").asDouble()).isEqualTo(50);
    long clean = documents.getLast().textBytes();
    long bytes = clean + documents.getFirst().textBytes();
    assertThat(report.at("/benchmarks/0/bytesKeptPercent").asDouble())
        .isEqualTo(Math.round(10_000.0 * clean / bytes) / 100.0);
    assertThat(judge(step, MILL + " " + DUCKS))
        .isEqualTo(Verdict.drop("benchmark-overlap", "two/0 1.000"));
  }

  @Test
  void fieldsMayBeLists() {
    Benchmark both = benchmark("both", record(DUCKS));
    Benchmark turns = new Benchmark("both", both.path(), List.of("question", "turns"));
    Decontamination step =
        new Decontamination.Config(List.of(turns), Unit.WORD, 13, 8, 0, 10).create();
    assertThat(judge(step, MILL)).isInstanceOf(Verdict.Drop.class);
  }

  @Test
  void benchmarksThatCannotBeReadAreNamed() {
    Benchmark good = benchmark("good", record(DUCKS));
    assertRefused(
        new Benchmark("other", good.path(), List.of("text")), "benchmark other", "text-missing");
    assertRefused(
        new Benchmark("other", good.path(), List.of("question", "answer")),
        "has no text in 'answer'");
    assertRefused(benchmark("tiny", record("one two")), "has no entry of at least 8 units");
    assertThatThrownBy(() -> new Decontamination.Config(List.of(good), Unit.WORD, 7, 8, 0, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("min-units");
  }

  private static void assertRefused(Benchmark benchmark, String... message) {
    assertThatThrownBy(
            () -> new Decontamination.Config(List.of(benchmark), Unit.WORD, 13, 8, 0, 10).create())
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(message);
  }

  /** The hashes of n-grams agree with the n-grams themselves. */
  @Test
  void hashesTellNgramsApartAsTheirWordsDo() {
    RandomKey key = RandomKey.of(9);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      text.append("abc".charAt(key.below(i, 3))).append(' ');
    }
    String[] words = text.toString().split(" ");
    Units units = Units.of(text.toString(), Unit.WORD);
    for (int length : new int[] {1, 4, 7, 13}) {
      Set<String> grams = new HashSet<>();
      Set<Long> firsts = new HashSet<>();
      Set<Long> seconds = new HashSet<>();
      long power = Units.firstPower(length);
      for (int start = 0; start + length <= words.length; start++) {
        grams.add(String.join(" ", List.of(words).subList(start, start + length)));
        firsts.add(units.first(start, length, power));
        seconds.add(units.second(start, length));
      }
      assertThat(firsts).hasSameSizeAs(grams);
      assertThat(seconds).hasSameSizeAs(grams);
    }
  }

  @Test
  void theIndexKeepsEveryEntryOfAnNgramApart() {
    NgramIndex index = new NgramIndex();
    int grams = 20_000;
    for (int entry = 0; entry < 3; entry++) {
      for (long gram = 0; gram < grams; gram++) {
        index.add(gram / 2, gram, entry); // two share their first hash
        index.add(gram / 2, gram, entry);
      }
    }
    assertThat(index.grams()).isEqualTo(grams);
    for (long gram = 0; gram < grams; gram += 97) {
      int number = index.find(gram / 2, gram);
      assertThat(index.count(number)).isEqualTo(3);
      assertThat(index.entry(index.last(number))).isEqualTo(2);
      assertThat(index.entry(index.before(index.last(number)))).isEqualTo(1);
    }
    assertThat(index.find(3, 1)).isNegative();
    assertThat(index.mayHold(3)).isTrue();
    assertThat(index.mayHold(grams)).isFalse();
  }
}
