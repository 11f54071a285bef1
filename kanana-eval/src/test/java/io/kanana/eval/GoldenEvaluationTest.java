package io.kanana.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.extension.Extensions;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.Precision;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.metric.Score;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.model.LocalModel;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.run.Answers;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import io.kanana.eval.run.TaskResult;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every task file of the golden values on the tiny model beside them, and on a published one whose
 * directory {@code kanana.real-model} names, against what lm-evaluation-harness recorded: prompts,
 * tokens, log-likelihoods, texts, scores and figures.
 */
@Tag("golden")
class GoldenEvaluationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NATS = 2e-3;
  private static final double RELATIVE = 1e-5;

  @TestFactory
  Stream<DynamicTest> everyRecordedRunOfTheTinyModelIsReproduced() throws IOException {
    Path folder = Golden.folder("eval");
    return cases(folder, "tiny", folder.resolve("tiny-model"), new MetricContext(false));
  }

  /** Takes half an hour on two processors, and runs what the model writes in a sandbox. */
  @TestFactory
  Stream<DynamicTest> everyRecordedRunOfAPublishedModelIsReproduced() throws IOException {
    String model = System.getProperty("kanana.real-model", "");
    assumeFalse(model.isEmpty(), "no real model; -Dkanana.real-model=DIR names its directory");
    return cases(Golden.folder("eval"), "real", Path.of(model), new MetricContext(true));
  }

  private static Stream<DynamicTest> cases(
      Path folder, String kind, Path model, MetricContext context) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("results"))) {
      List<Path> ofModel =
          runs.filter(run -> run.getFileName().toString().startsWith(kind)).sorted().toList();
      return Golden.cases(ofModel.stream().flatMap(run -> cases(folder, run, model, context)));
    }
  }

  private static Stream<DynamicTest> cases(
      Path folder, Path run, Path model, MetricContext context) {
    List<DynamicTest> tests = new ArrayList<>();
    Golden.json(run.resolve("aggregate.json"))
        .properties()
        .forEach(
            entry ->
                tests.add(
                    DynamicTest.dynamicTest(
                        run.getFileName() + "/" + entry.getKey(),
                        () -> check(folder, run, config(model, entry), context, entry))));
    return tests.stream();
  }

  private static LocalModel.Config config(Path model, Map.Entry<String, JsonNode> entry) {
    return new LocalModel.Config(
        model,
        "cpu", // the best one that runs would be the slow reference of the tests
        OptionalInt.empty(),
        Precision.F32,
        OptionalInt.of(entry.getValue().get("max_length").asInt()),
        8192,
        1,
        true,
        true);
  }

  private static void check(
      Path folder,
      Path run,
      LocalModel.Config config,
      MetricContext context,
      Map.Entry<String, JsonNode> entry) {
    String name = entry.getKey();
    JsonNode aggregate = entry.getValue();
    DataFiles data = new DataFiles(folder, Map.of());
    TaskLibrary library =
        TaskLibrary.of(
            List.of(folder.resolve("tasks")),
            Extensions.load(GoldenEvaluationTest.class.getClassLoader()),
            context,
            data);
    try (EvaluationModel model = config.open(Clock.systemUTC())) {
      Evaluation evaluation =
          new Evaluation(
              settings(name, aggregate, model),
              aggregate.get("bootstrap_iters").asInt(),
              Answers.inMemory());
      Evaluation.Results results =
          evaluation.run(
              List.of(library.find(name)), model, (done, w, all, aw, a) -> {}, () -> false);
      results.tasks().values().forEach(task -> checkSamples(run, task));
      Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
      results.tasks().forEach((task, result) -> figures.put(task, result.figures()));
      results.groups().forEach((group, result) -> figures.put(group, result.figures()));
      aggregate
          .get("results")
          .properties()
          .forEach(each -> checkFigures(each.getValue(), figures.get(each.getKey())));
    }
  }

  private static PromptSettings settings(String name, JsonNode aggregate, EvaluationModel model) {
    PromptSettings settings = PromptSettings.plain();
    String documents = aggregate.get("documents").asText();
    if (!documents.equals("all")) {
      settings = settings.withLimit(Integer.parseInt(documents));
    }
    if (!aggregate.get("chat").asBoolean()) {
      return settings;
    }
    boolean multiturn = aggregate.get("multiturn").asBoolean();
    // the runs in one turn, and those of HumanEval, were made without an instruction
    Optional<String> system =
        multiturn && !name.startsWith("humaneval")
            ? Optional.of("You are a careful assistant.")
            : Optional.empty();
    return settings.withChat(new PromptSettings.Chat(model::conversation, system, multiturn));
  }

  private static void checkFigures(JsonNode golden, Map<String, Figure> figures) {
    golden
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              if (!key.contains(",")) {
                return;
              }
              if (key.contains("_stderr,")) {
                checkError(entry.getValue(), figures.get(key.replace("_stderr,", ",")));
              } else {
                double expected = entry.getValue().asDouble();
                assertThat(figures).containsKey(key);
                assertThat(figures.get(key).value())
                    .as(key)
                    .isCloseTo(expected, within(1e-6 + Math.abs(expected) * 1e-5));
              }
            });
  }

  private static void checkError(JsonNode golden, Figure figure) {
    if (golden.isTextual()) {
      assertThat(figure.error()).isEmpty();
    } else {
      assertThat(figure.error().orElseThrow()).isCloseTo(golden.asDouble(), within(1e-6));
    }
  }

  private static void checkSamples(Path run, TaskResult result) {
    Path file = run.resolve(result.task().name() + ".jsonl.gz");
    if (!Files.exists(file)) {
      assertThat(run.getFileName().toString()).isEqualTo("tiny-unweighted");
      return;
    }
    List<JsonNode> lines = lines(file);
    assertThat(result.samples()).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      checkSample(lines.get(i), result.samples().get(i));
    }
  }

  private static List<JsonNode> lines(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<JsonNode> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkSample(JsonNode golden, TaskResult.Sample sample) {
    String where = golden.get("task").asText() + " " + golden.get("doc_id");
    assertThat(sample.example().index()).isEqualTo(golden.get("doc_id").asInt());
    checkText(where, golden, sample.example().requests().getFirst());
    if (golden.has("shots")) {
      assertThat(sample.example().shots())
          .as(where + ": shots")
          .isEqualTo(JSON.convertValue(golden.get("shots"), List.class));
    }
    for (int i = 0; i < golden.path("requests").size(); i++) {
      checkResponse(where, golden.get("requests").get(i), sample.responses().get(i));
    }
    checkRolling(where, golden, sample.responses().getFirst());
    checkGenerated(where, golden, sample);
    if (golden.path("gap").asDouble(1) > NATS) {
      checkScores(where, golden.get("metrics"), sample.outcome().scores());
    }
  }

  private static void checkText(String where, JsonNode golden, Request request) {
    String text =
        switch (request) {
          case Request.LogLikelihood likelihood -> likelihood.context();
          case Request.RollingLogLikelihood rolling -> rolling.text();
          case Request.GenerateUntil generation -> generation.context().text();
        };
    String key = golden.has("text_sha256") ? "text_sha256" : "context_sha256";
    assertThat(hash(text)).as(where + ": " + key).isEqualTo(golden.get(key).asText());
  }

  private static String hash(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static void checkResponse(String where, JsonNode golden, Response response) {
    Response.LogLikelihood found = (Response.LogLikelihood) response;
    assertThat(found.contextTokens()).as(where).isEqualTo(golden.get("n_context_tokens").asInt());
    assertThat(found.continuationTokens())
        .as(where)
        .isEqualTo(golden.get("n_continuation_tokens").asInt());
    checkSum(where, golden.get("ll").asDouble(), found.sum());
    assertThat(found.greedy()).as(where).isEqualTo(golden.get("is_greedy").asBoolean());
  }

  private static void checkSum(String where, double expected, double found) {
    assertThat(found)
        .as(where + ": log-likelihood")
        .isCloseTo(expected, within(Math.max(NATS, Math.abs(expected) * RELATIVE)));
  }

  private static void checkRolling(String where, JsonNode golden, Response response) {
    if (response instanceof Response.RollingLogLikelihood rolling) {
      checkSum(where, golden.get("ll").asDouble(), rolling.sum());
      assertThat(rolling.tokens()).as(where).isEqualTo(golden.get("n_tokens").asInt());
    }
  }

  private static void checkGenerated(String where, JsonNode golden, TaskResult.Sample sample) {
    if (!golden.has("generated")) {
      return;
    }
    Response.Generated response = (Response.Generated) sample.responses().getFirst();
    assertThat(response.contextTokens()).isEqualTo(golden.get("n_context_tokens").asInt());
    if (golden.path("smallest_gap").asDouble(1) < 1e-3) {
      return; // two tokens were as good as equal
    }
    assertThat(response.text()).as(where).isEqualTo(golden.get("generated").get(0).asText());
    golden
        .get("filtered")
        .properties()
        .forEach(
            entry ->
                assertThat(sample.outcome().filtered().get(entry.getKey()))
                    .as(where)
                    .isEqualTo(entry.getValue()));
  }

  private static void checkScores(String where, JsonNode golden, Map<String, Score> scores) {
    golden
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject()) { // by filter
                entry
                    .getValue()
                    .properties()
                    .forEach(
                        metric ->
                            checkScore(
                                where,
                                metric.getValue(),
                                scores.get(metric.getKey() + "," + entry.getKey())));
              } else {
                checkScore(where, entry.getValue(), scores.get(entry.getKey() + ",none"));
              }
            });
  }

  private static void checkScore(String where, JsonNode golden, Score score) {
    switch (score) {
      case Score.Value value -> assertThat(value.value()).as(where).isEqualTo(golden.asDouble());
      case Score.Classes classes ->
          assertThat(List.of(classes.gold(), classes.predicted()))
              .as(where)
              .isEqualTo(List.of(golden.get(0).asInt(), golden.get(1).asInt()));
      case Score.Amount amount -> {
        checkSum(where, golden.get(0).asDouble(), amount.sum());
        assertThat(amount.weight()).as(where).isEqualTo(golden.get(1).asDouble());
      }
      case Score.Distribution distribution -> {
        for (int i = 0; i < distribution.probabilities().size(); i++) {
          assertThat(distribution.probabilities().get(i))
              .as(where)
              .isCloseTo(golden.get(1).get(i).asDouble(), within(2e-3));
        }
      }
      case Score.Figures _ -> throw new AssertionError(where);
    }
  }
}
