package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Against fastText's own predictions, rows and vectors for its models. */
@Tag("golden")
class FastTextGoldenTest {
  private static final double TIE = 1e-4;
  private static final String THRESHOLD = "@";

  private final Map<String, TextClassifier> models = new HashMap<>();

  private static Path folder() {
    return Golden.folder("fasttext");
  }

  /** Cases name a model without {@code .bin}, but with {@code .ftz}. */
  private TextClassifier model(String name) {
    String file = name.endsWith(".ftz") ? name : name + ".bin";
    return models.computeIfAbsent(file, n -> TextClassifier.read(folder().resolve(n)));
  }

  private static double tolerance(String model) {
    return model.contains(".ftz") ? 1e-4 : 1e-5;
  }

  private static List<JsonNode> lines(String file) {
    return text(file).stream().map(FastTextGoldenTest::json).toList();
  }

  private static List<String> text(String file) {
    try (InputStream in = Files.newInputStream(folder().resolve(file));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    file.endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param found at least as many as expected; further ones show a tie with the last
   */
  private static void assertSame(
      List<ScoredLabel> found, JsonNode expected, double tolerance, String about) {
    assertThat(found).as(about).hasSizeGreaterThanOrEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      double probability = expected.get(i).get(1).asDouble();
      assertThat(found.get(i).score()).as(about).isCloseTo(probability, within(tolerance));
      boolean tied = i > 0 && found.get(i - 1).score() - probability <= TIE;
      tied |= i + 1 < found.size() && probability - found.get(i + 1).score() <= TIE;
      if (!tied) {
        assertThat(found.get(i).label()).as(about).isEqualTo(expected.get(i).get(0).asText());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> topTwoOfEveryModel() {
    Map<String, List<JsonNode>> byModel = new HashMap<>();
    for (JsonNode line : lines("cases.jsonl.gz")) {
      line.get("top2")
          .fieldNames()
          .forEachRemaining(
              name -> byModel.computeIfAbsent(name, n -> new ArrayList<>()).add(line));
    }
    return Golden.cases(
        byModel.entrySet().stream()
            .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> topTwo(e.getKey(), e.getValue()))));
  }

  private void topTwo(String name, List<JsonNode> cases) {
    TextClassifier.Session session = model(name).session();
    for (JsonNode line : cases) {
      List<ScoredLabel> found = session.predict(line.get("text").asText(), 3, 0);
      assertSame(
          found, line.get("top2").get(name), tolerance(name), name + " " + line.get("id").asText());
    }
  }

  @TestFactory
  Stream<DynamicTest> allLabels() {
    List<JsonNode> lines = lines("all-labels.jsonl");
    return Golden.cases(
        lines.getFirst().properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> !key.equals("text"))
            .map(key -> DynamicTest.dynamicTest(key, () -> allLabels(key, lines))));
  }

  private void allLabels(String key, List<JsonNode> lines) {
    String[] parts = key.split(THRESHOLD, 2);
    double threshold = parts.length == 2 ? Double.parseDouble(parts[1]) : 0;
    for (JsonNode line : lines) {
      String text = line.get("text").asText();
      List<ScoredLabel> found = model(parts[0]).predict(text, Integer.MAX_VALUE, threshold);
      assertThat(found).hasSameSizeAs(line.get(key));
      assertSame(found, line.get(key), tolerance(key), key + " " + text);
    }
  }

  @TestFactory
  Stream<DynamicTest> rowsOfTexts() {
    return Golden.cases(
        lines("input-ids.jsonl").stream()
            .map(
                line ->
                    DynamicTest.dynamicTest(
                        line.get("model").asText() + " " + line.get("text"),
                        () -> rowsOfText(line))));
  }

  private void rowsOfText(JsonNode line) {
    Features features = new Features();
    byte[] text = line.get("text").asText().getBytes(StandardCharsets.UTF_8);
    LinearModel model = model(line.get("model").asText()).model();
    new Featurizer(model).read(text, null, features);
    assertThat(features.copy()).isEqualTo(Golden.ints(line.get("input_ids")));
  }

  @TestFactory
  Stream<DynamicTest> words() {
    return Golden.cases(
        lines("words.jsonl").stream()
            .map(
                line ->
                    DynamicTest.dynamicTest(
                        line.get("model").asText() + " " + line.get("word"), () -> word(line))));
  }

  private void word(JsonNode line) {
    LinearModel model = model(line.get("model").asText()).model();
    byte[] word = line.get("word").asText().getBytes(StandardCharsets.UTF_8);
    int id = model.vocabulary().find(word, 0, word.length, TokenHash.of(word, 0, word.length));
    assertThat(id).isEqualTo(line.get("word_id").asInt());
    Features features = new Features();
    features.clear();
    features.add(id);
    if (!TokenHash.isEndOfText(word, 0, word.length)) {
      new Featurizer(model).addSubwords(word, 0, word.length, features);
    }
    assertThat(features.copy()).isEqualTo(Golden.ints(line.get("subword_ids")));
    float[] sum = new float[DenseRows.stride(model.input().dimensions())];
    model.input().addRows(features.rows(), features.count(), sum);
    for (int i = 0; i < line.get("vector").size(); i++) {
      assertThat((double) sum[i] / Math.max(1, features.count()))
          .isCloseTo(line.get("vector").get(i).asDouble(), within(1e-5));
    }
  }

  @TestFactory
  Stream<DynamicTest> meansOfTexts() {
    return Golden.cases(
        lines("sentences.jsonl").stream()
            .map(
                line ->
                    DynamicTest.dynamicTest(
                        line.get("model").asText() + " " + line.get("text"),
                        () -> meanOfText(line))));
  }

  private void meanOfText(JsonNode line) {
    float[] mean = model(line.get("model").asText()).session().mean(line.get("text").asText());
    JsonNode expected = line.get("sentence_vector");
    assertThat(mean.length).isEqualTo(expected.size());
    for (int i = 0; i < mean.length; i++) {
      assertThat((double) mean[i]).isCloseTo(expected.get(i).asDouble(), within(1e-5));
    }
  }

  @TestFactory
  Stream<DynamicTest> scoresOnHeldOutTexts() {
    JsonNode all = Golden.json(folder().resolve("info.json")).get("models");
    return Golden.cases(
        Stream.of("nsmc", "nsmc.ftz")
            .filter(all::has)
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        name, () -> heldOut(name, all.get(name).get("held_out")))));
  }

  private void heldOut(String name, JsonNode expected) {
    ClassificationReport report =
        ClassificationReport.of(
            model(name),
            use ->
                text("nsmc-held.tsv.gz")
                    .forEach(
                        line -> {
                          String[] columns = line.split("\t", 2);
                          use.accept(columns[1], List.of(columns[0]));
                        }));
    assertThat(report.texts()).isEqualTo(expected.get("n").asLong());
    assertThat(report.accuracy()).isCloseTo(expected.get("accuracy").asDouble(), within(5e-4));
    expected
        .get("f1")
        .properties()
        .forEach(
            label ->
                assertThat(report.label(label.getKey()).f1())
                    .isCloseTo(label.getValue().asDouble(), within(5e-4)));
  }
}
