package io.kanana.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {
  private static final String CHAIN =
      """
      job: pipeline
      jobs:
        - name: filter
          job: filter
          data: {documents: [{type: miniature-web, documents: 80}]}
          steps: [{type: length, min-characters: 20}]
        - name: base
          job: pretrain
          compute: {backend: cpu, threads: 1}
          data: {documents: ["${filter}/kept"], held-out-share: 0.1}
          tokenizer: {type: train-bpe, vocabulary-size: 300}
          model: {layers: 2, hidden-size: 32, heads: 2, kv-heads: 1, head-dim: 16, ffn-size: 64, vocabulary-size: 300, context-length: 256}
          train: {until: {steps: 6}, tokens-per-step: 512, micro-batch: 2}
          evaluate: {every: {steps: 3}, tokens: 512}
          samples: {prompts: [The], max-new-tokens: 4}
        - name: deeper
          job: upscale
          compute: {backend: cpu, threads: 1}
          model: "${base}/model"
          layers: {solar: 0}
          data: {tokens: "${base}/tokens", context-length: 64}
          evaluate: {windows: 2}
          recovery: {until: {steps: 2}, sequences-per-step: 2, micro-batch: 1}
        - {name: base-knows, extends: ROOT/miniature.yaml, task-directories: [ROOT/miniature], data: {miniature: {test: ROOT/miniature/questions.jsonl}}, limit: 8, model: {path: "${base}/model"}}
        - {name: deeper-knows, extends: ROOT/miniature.yaml, task-directories: [ROOT/miniature], data: {miniature: {test: ROOT/miniature/questions.jsonl}}, limit: 8, model: {path: "${deeper}/recovery/model"}}
        - name: tuned
          job: sft
          compute: {backend: cpu, threads: 1}
          model: "${base}/model"
          data:
            template: chatml
            held-out-share: 0.2
            domains: {sums: {conversations: [{type: arithmetic, digits: 1, questions: 40}]}}
          lora: {rank: 2, alpha: 4, rank-stabilised: false, targets: [q-proj]}
          train: {until: {steps: 4}, sequences-per-step: 2, micro-batch: 2, evaluate-every: {steps: 2}}
          samples: {prompts: 2, max-new-tokens: 4}
        - {name: tuned-knows, extends: ROOT/miniature.yaml, task-directories: [ROOT/miniature], data: {miniature: {test: ROOT/miniature/questions.jsonl}}, limit: 8, model: {path: "${tuned}/merged"}}
        - name: smaller
          job: prune
          compute: {backend: cpu, threads: 1}
          model: "${base}/model"
          data: {tokens: "${base}/tokens", context-length: 64}
          calibration: {windows: 4, micro-batch: 2}
          importance:
            - {type: activations, axes: [channels]}
            - {type: weight-magnitude, axes: [layers, neurons]}
          strategy: {type: target-shape, layers: 1, hidden-size: 24, ffn-size: 48}
          evaluate: {windows: 2}
      """;

  /** The least size of the elements that a selector finds, in pixels. */
  private static final String LEAST =
      "Math.min(...[...document.querySelectorAll('%s')].map(e => e.getBoundingClientRect().%s))";

  @TempDir static Path directory;
  private static Path run;

  @BeforeAll
  static void chain() throws IOException {
    run = directory.resolve("chain <b>");
    Path file = directory.resolve("chain.yaml");
    Path root = Path.of(System.getProperty("kanana.root", ".."), "configs", "evaluate");
    String chain = CHAIN.replace("ROOT", root.toAbsolutePath().normalize().toString());
    Files.writeString(file, chain + "output: " + run + "\n");
    Jobs.load(RunPageTest.class.getClassLoader())
        .configure(file, List.of())
        .run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
  }

  @Test
  void aPipelineIsShownFromDocumentsToAnswers() {
    String page = new RunPage(run).html();
    assertThat(page)
        .contains("documents that are left after each step", "<svg class=\"funnel\"")
        .contains("<h2>What models cost</h2>", "<td>pretrain</td>", "<td>sft</td>")
        .contains("<figcaption>miniature.acc,none", "<meter min=\"0\" max=\"1\"")
        .contains("<h2>base</h2>", "<h2>deeper, recovery</h2>", "<h2>tuned</h2>")
        .containsSubsequence("<figcaption>miniature.acc,none", ">tuned</span>", "</figcaption>")
        .containsSubsequence("<h2>smaller <small>importance", "<figcaption>channels", "kept</span>")
        .containsSubsequence("<figcaption>layers", "kept</span>", "pruned</span>")
        .containsSubsequence("<figcaption>neurons", "kept</span>", "pruned</span>")
        .contains("<h2>Answers</h2>", "Settings of tuned", "job: sft");
    assertThat(page.indexOf("Settings of filter")).isLessThan(page.indexOf("Settings of base"));
  }

  @Test
  void theLastModelThatKnowsAChatIsOneToTalkWith() {
    assertThat(new RunPage(run).talker()).contains(run.resolve("tuned/merged"));
    assertThat(new RunPage(run.resolve("base")).talker()).isEmpty();
  }

  @Test
  void theLastAnswersStandOnALineEachBehindTheirQuestions() throws IOException {
    assertThat(new RunPage(run).answers(10))
        .hasSize(2)
        .allMatch(line -> line.matches("tuned: .+ - .*\\.\\.\\.")); // four tokens are no answer
    assertThat(new RunPage(run.resolve("base")).answers(10)).isEmpty();
  }

  @Test
  void answersOfTheLastStepOfTheLastTrainingAreShown(@TempDir Path made) throws IOException {
    for (String name : List.of("first", "second")) {
      Path stage = Files.createDirectories(made.resolve(name));
      Files.writeString(stage.resolve("config.yaml"), "job: sft\n");
      Files.writeString(
          stage.resolve("samples.jsonl"),
          """
          {"step":1,"prompt":"a?","answer":"early","ending":"end_of_text"}
          {"step":2,"prompt":"a?","answer":" late\\n\\u001b[1mx ","ending":"end_of_text"}
          {"step":2,"prompt":"b?","answer":"%s","ending":"length"}
          {"step":2,"prompt":"c?","answer":"c","ending":"end_of_text"}
          """
              .replace("%s", "y".repeat(300)));
    }
    Files.writeString(
        made.resolve("config.yaml"), "job: pipeline\njobs: [{name: first}, {name: second}]\n");
    List<String> lines = new RunPage(made).answers(2);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).isEqualTo("second: a? - late [1mx");
    assertThat(lines.getLast()).startsWith("second: b? - yyy").endsWith("yyy ...").hasSize(164);
  }

  @Test
  void theSameFilesGiveTheSamePage() {
    assertThat(new RunPage(run).html()).isEqualTo(new RunPage(run).html());
  }

  @Test
  void nothingThatIsReadIsMarkup() {
    assertThat(new RunPage(run).html())
        .contains("chain &lt;b&gt;", "&lt;|im_end|&gt;")
        .doesNotContain("chain <b>")
        .doesNotContain("<script", "http://", "https://");
  }

  /** Nothing is wider than the window or empty, and texts of charts can be read. */
  @Test
  void aBrowserShowsItAtEveryWidth(@TempDir Path profile) throws Exception {
    Optional<Path> program = HeadlessBrowser.program();
    assumeTrue(program.isPresent(), "no Chromium on the path");
    Path file = Files.writeString(directory.resolve("page.html"), new RunPage(run).html());
    try (HeadlessBrowser browser = HeadlessBrowser.start(program.get(), profile)) {
      for (int width : new int[] {400, 1600}) {
        browser.show(file, width, width == 400);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .isLessThanOrEqualTo(width);
        assertThat(browser.evaluate(LEAST.formatted("figure svg", "width")).asDouble())
            .isGreaterThan(280);
        assertThat(browser.evaluate(LEAST.formatted("figure text", "height")).asDouble())
            .isGreaterThan(9);
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
            .isEqualTo(width == 400 ? "rgb(22, 23, 21)" : "rgb(252, 252, 250)");
      }
    }
  }

  @Test
  void oneJobAloneIsShownToo() {
    assertThat(new RunPage(run.resolve("tuned")).html())
        .contains("<h2>sft</h2>", "Settings of sft")
        .doesNotContain("Settings of base");
  }

  @Test
  void aLineThatIsBeingWrittenIsLeftOut() throws IOException {
    Path copy = Files.createDirectories(directory.resolve("half"));
    Files.copy(run.resolve("base/config.yaml"), copy.resolve("config.yaml"));
    Path metrics = Files.copy(run.resolve("base/metrics.jsonl"), copy.resolve("metrics.jsonl"));
    String before = new RunPage(copy).html();
    byte[] half = Arrays.copyOf("{\"event\":\"그".getBytes(StandardCharsets.UTF_8), 11);
    Files.write(metrics, half, StandardOpenOption.APPEND);
    assertThat(new RunPage(copy).html()).isEqualTo(before);
    Files.writeString(metrics, "\n{}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> new RunPage(copy).html())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("metrics.jsonl: is no metrics file");
  }

  @Test
  void aRunDoesNotDifferFromItself() {
    assertThat(new RunDifference(run, run).lines()).isEmpty();
  }

  /** The name of a run may stand in its settings for something else. */
  @Test
  void onlyPathsOfARunAreTheSameWhereverItIs() throws IOException {
    Path a = job(directory.resolve("dpo"), "model: DIR/base/model\njob: dpo\nbeta: 0.1\n");
    Path b = job(directory.resolve("sft"), "model: DIR/base/model\njob: sft\nbeta: 0.1\n");
    assertThat(new RunDifference(a, b).lines()).containsExactly("job: \"dpo\" -> \"sft\"");
  }

  private static Path job(Path run, String config) throws IOException {
    Files.createDirectories(run);
    String text = config.replace("DIR", run.toString()) + "output: " + run + "\n";
    Files.writeString(run.resolve("config.yaml"), text);
    return run;
  }

  @Test
  void aStudyIsShownWithWhatItsArmsShare() throws IOException {
    Path study = directory.resolve("study");
    job(
        study,
        "job: study\nseeds: [1, 2]\nshared: [{name: base}]\narms: {one: [{name: tuned}], two: [{name: tuned}]}\n");
    job(study.resolve("shared/base"), "job: pretrain\n");
    for (String place : List.of("one/seed-1/tuned", "one/seed-2/tuned", "two/seed-1/tuned")) {
      job(study.resolve(place), "job: sft\n");
    }
    assertThat(RunStage.of(study))
        .extracting(RunStage::name)
        .containsExactly("base", "one, seed 1: tuned", "one, seed 2: tuned", "two, seed 1: tuned");
  }

  @Test
  void whatStudiesFoundStandsFirst() throws IOException {
    Path all = directory.resolve("all");
    job(all, "job: pipeline\njobs: [{name: found, job: study}, {name: begun, job: study}]\n");
    job(all.resolve("begun"), "job: study\n");
    Path study = job(all.resolve("found"), "job: study\nseeds: [1]\nshared: []\narms: {}\n");
    Files.createDirectories(study.resolve("report"));
    Files.writeString(
        study.resolve("report/report.json"),
        """
        {"finding": "more <is> more", "reported": "2 and 1",
         "measure": {"from": "train", "metric": "loss", "better": "lower"},
         "arms": {"one": {"median": 1.5, "min": 1, "max": 2, "deviation": 0.5,
                          "compute": {"1": {"tokens": 1000, "flops": 3e9, "seconds": 4.4},
                                      "2": {"tokens": 3000, "flops": 5e9, "seconds": 8.4}}}},
         "claims": [{"better": "one", "than": "two", "median": -0.25, "pooledDeviation": 0.125,
                     "values": {"1": -0.2, "2": -0.3}, "verdict": "reproduced", "rule": "a rule"}]}
        """);
    for (Path run : List.of(all, study)) {
      assertThat(new RunPage(run).html())
          .contains("<td>more &lt;is&gt; more</td><td>one better than two</td><td>-0.2500</td>")
          .contains("<td>0.1250</td><td>2</td><td><b>reproduced</b></td>")
          .contains("A claim is a rule.", "Reported: 2 and 1")
          .contains("loss of train, lower is better", "<td>2,000</td><td>4.00e+09</td><td>6</td>");
    }
  }

  @Test
  void aStudyThatClaimsNothingIsShownWithoutVerdicts() throws IOException {
    Path study = job(directory.resolve("ranked"), "job: study\nseeds: [1]\nshared: []\narms: {}\n");
    Files.createDirectories(study.resolve("report"));
    Files.writeString(
        study.resolve("report/report.json"),
        "{\"finding\": \"a ranking\", \"reported\": \"\", \"arms\": {\"rule\": {}}, \"claims\": []}");
    assertThat(new RunPage(study).html())
        .contains("<h3>a ranking</h3>", "<td>rule</td>")
        .doesNotContain("Reported", "verdict", "A claim is");
  }

  @Test
  void jobsOfOneNameAreCompared() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    for (String name : List.of("base", "tuned")) {
      Path stage = Files.createDirectories(other.resolve(name));
      String config = Files.readString(run.resolve(name).resolve("config.yaml"));
      Files.writeString(
          stage.resolve("config.yaml"),
          config.replace(run.toString(), other.toString()).replace("layers: 2", "layers: 3"));
    }
    Files.copy(run.resolve("config.yaml"), other.resolve("config.yaml"));
    Files.writeString(
        other.resolve("base/metrics.jsonl"),
        "{\"event\":\"held-out\",\"step\":6,\"loss\":1.5,\"bits-per-byte\":2}\n");
    List<String> lines = new RunDifference(run, other).lines();
    assertThat(lines)
        .contains("filter: only in " + run, "base: model.layers: 2 -> 3")
        .anyMatch(line -> line.matches("base: held-out.loss: \\S+ -> 1.50000 \\(-.*\\)"))
        .anyMatch(line -> line.matches("base: made from RUN/base/tokenizer: \\w{12} -> nothing"))
        .noneMatch(line -> line.contains("tuned: model:"));
  }

  @Test
  void whereNothingWasRunThereIsNoPage() {
    assertThatThrownBy(() -> new RunPage(directory))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("holds no run, since there is no config.yaml");
  }
}
