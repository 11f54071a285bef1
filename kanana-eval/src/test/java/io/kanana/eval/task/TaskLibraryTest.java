package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.golden.Golden;
import io.kanana.eval.NoCode;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskLibraryTest {
  private static final String TASK =
      """
      task: mine
      dataset_path: json
      dataset_kwargs: {data_files: {test: data.jsonl}}
      output_type: multiple_choice
      test_split: test
      doc_to_text: "{{question}}"
      doc_to_choice: ["yes", "no"]
      doc_to_target: "{{label}}"
      metric_list: [{metric: acc}]
      """;

  @TempDir Path directory;

  private TaskLibrary library(Map<String, Map<String, String>> data) {
    return TaskLibrary.of(
        List.of(directory),
        NoCode.loaded(),
        new MetricContext(false),
        new DataFiles(directory, data));
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private BenchmarkTask task(String yaml, String data) throws IOException {
    write("mine.yaml", yaml);
    write("data.jsonl", data);
    return library(Map.of()).find("mine").tasks().getFirst();
  }

  private void refused(String yaml, String... parts) throws IOException {
    write("mine.yaml", yaml);
    TaskLibrary library = library(Map.of());
    assertThatThrownBy(() -> library.find("mine"))
        .isInstanceOf(ConfigException.class)
        .message()
        .contains(parts);
  }

  @Test
  void everyTaskThatComesAlongCanBeRead() {
    TaskLibrary library = library(Map.of());
    assertThat(library.names()).containsKeys("mmlu", "kmmlu", "kmmlu_direct", "haerae", "kobest");
    assertThat(library.names())
        .containsKeys(
            "hellaswag",
            "arc_easy",
            "arc_challenge",
            "gsm8k",
            "humaneval",
            "humaneval_instruct",
            "mbpp",
            "kanana_base");
    library.names().keySet().forEach(name -> assertThat(library.find(name).tasks()).isNotEmpty());
    assertThat(library.find("mmlu").tasks()).hasSize(57);
    assertThat(library.find("kmmlu").tasks()).hasSize(45);
    assertThat(library.find("kanana_base").tasks()).hasSize(57 + 45 + 5 + 3);
  }

  @Test
  void missingDataAreDescribed() {
    BenchmarkTask task = library(Map.of()).find("mmlu_anatomy").tasks().getFirst();
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("task mmlu_anatomy")
        .hasMessageContaining("part \"test\" of the data set cais/mmlu/anatomy")
        .hasMessageContaining("nothing is downloaded")
        .hasMessageContaining("answer, choices, question")
        .hasMessageContaining("data: {\"cais/mmlu/anatomy\": {test: FILE}}");
  }

  @Test
  void aNamedFileThatIsMissingIsNamed() {
    TaskLibrary library =
        library(Map.of("cais/mmlu", Map.of("test", "{name}-test.csv", "dev", "{name}-dev.csv")));
    BenchmarkTask task = library.find("mmlu_anatomy").tasks().getFirst();
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(directory.resolve("anatomy-test.csv").toString())
        .hasMessageContaining("there is no such file");
  }

  @Test
  void csvHasNumbersQuotesAndEmptyValues() throws IOException {
    write(
        "Math-test.csv",
        "question,A,B,C,D,answer\r\n\"a, \"\"b\"\"\nc\",1,2,3,4,3\r\nd,5,6,7,8,1\r\n");
    write("Math-dev.csv", "question,A,B,C,D,answer\n" + "e,1,2,3,4,2\n".repeat(6));
    TaskLibrary library =
        library(
            Map.of("HAERAE-HUB/KMMLU", Map.of("test", "{name}-test.csv", "dev", "{name}-dev.csv")));
    var examples = library.find("kmmlu_math").tasks().getFirst().examples(PromptSettings.plain());
    Request.LogLikelihood first = (Request.LogLikelihood) examples.getFirst().requests().getFirst();
    assertThat(first.context())
        .startsWith("e\nA. 1\nB. 2\nC. 3\nD. 4\n정답： B\n\n")
        .endsWith("a, \"b\"\nc\nA. 1\nB. 2\nC. 3\nD. 4\n정답：");
    assertThat(first.continuation()).isEqualTo(" A");
    assertThat(examples.getFirst().gold().asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kobest_boolq",
        "kobest_copa",
        "kobest_hellaswag",
        "kobest_sentineg",
        "kobest_wic"
      })
  @Tag("golden")
  void kobestAsksWhatTheGoldenTasksAsk(String name) {
    Path golden = Golden.folder("eval");
    TaskLibrary library =
        TaskLibrary.of(
            List.of(golden.resolve("tasks")),
            NoCode.loaded(),
            new MetricContext(false),
            new DataFiles(
                golden,
                Map.of(
                    "skt/kobest_v1",
                    Map.of(
                        "test", "data/kobest-{name}-test.jsonl.gz",
                        "train", "data/kobest-{name}-train.jsonl.gz"))));
    assertThat(requests(library, name)).isEqualTo(requests(library, name + "_local"));
  }

  @Test
  @Tag("golden")
  void humanEvalAsksWhatTheGoldenTasksAsk() {
    Path golden = Golden.folder("eval");
    TaskLibrary library =
        TaskLibrary.of(
            List.of(golden.resolve("tasks")),
            NoCode.loaded(),
            new MetricContext(false),
            new DataFiles(
                golden,
                Map.of("openai/openai_humaneval", Map.of("test", "data/humaneval-test.jsonl.gz"))));
    for (String form : List.of("", "_instruct")) {
      assertThat(contexts(library, "humaneval" + form))
          .isEqualTo(contexts(library, "humaneval" + form + "_local"));
    }
  }

  private static List<Request> requests(TaskLibrary library, String name) {
    return library.find(name).tasks().getFirst().examples(PromptSettings.plain()).stream()
        .flatMap(example -> example.requests().stream())
        .toList();
  }

  private static List<String> contexts(TaskLibrary library, String name) {
    return requests(library, name).stream()
        .map(request -> ((Request.GenerateUntil) request).context().text())
        .toList();
  }

  @Test
  void allProblemsOfATaskAreToldTogether() throws IOException {
    refused(
        TASK.replace("output_type: multiple_choice", "output_type: multiple_choices")
                .replace("metric: acc", "metric: acc_nrom")
                .replace("\"{{label}}\"", "\"{{label\"")
            + "num_fewshots: 3\nrepeats: many\n",
        "task mine: output_type: unknown type \"multiple_choices\"; did you mean multiple_choice?",
        "task mine: num_fewshots: unknown key; did you mean num_fewshot?",
        "repeats: must be a whole number of at least 1, got \"many\"",
        "doc_to_target: the template cannot be read");
  }

  @Test
  void filesThatAreNoYaml() throws IOException {
    refused("task: mine\n  doc: [", "mine.yaml", "is not YAML", "line 2");
    refused("task: mine\ntask: other\n", "task is given twice", "line 2");
    refused("- task: mine\n", "must be a mapping");
  }

  @Test
  void filesThatIncludeThemselves() throws IOException {
    write("other.yaml", "include: mine.yaml\n");
    refused("include: other.yaml\ntask: mine\n", "includes itself");
    refused("include: nowhere.yaml\ntask: mine\n", "nowhere.yaml", "cannot be read");
  }

  @Test
  void groupsThatHoldThemselves() throws IOException {
    write("group.yaml", "group: outer\ntask: [inner]\n");
    write("group2.yaml", "group: inner\ntask: [outer]\n");
    TaskLibrary library = library(Map.of());
    assertThatThrownBy(() -> library.find("outer"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is a part of itself");
  }

  @Test
  void unknownTasks() {
    TaskLibrary library = library(Map.of());
    assertThatThrownBy(() -> library.find("kobest_cop"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean kobest_copa?");
  }

  @Test
  void pythonIsNotRun() throws IOException {
    refused(
        TASK.replace("\"{{question}}\"", "!function utils.doc_to_text"),
        "utils.doc_to_text",
        "Python in task files is not run",
        "BenchmarkTask");
  }

  @Test
  void labelsOutOfRange() throws IOException {
    BenchmarkTask task =
        task(TASK, "{\"question\": \"a\", \"label\": 1}\n{\"question\": \"b\", \"label\": 2}\n");
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("task mine, document 1: the label is 2, but the 2 choices are");
  }

  @Test
  void fieldsThatAreMissing() throws IOException {
    BenchmarkTask task = task(TASK, "{\"query\": \"a\", \"label\": 1}\n");
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("task mine, document 0")
        .hasMessageContaining("doc_to_text")
        .hasMessageContaining("'question' is undefined");
  }

  @Test
  void templatesThatDoNotEnd() throws IOException {
    String loop =
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}";
    BenchmarkTask task =
        task(TASK.replace("{{question}}", loop), "{\"question\": \"a\", \"label\": 1}\n");
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("doc_to_text")
        .hasMessageContaining("is stopped");
  }

  @Test
  void damagedData() throws IOException {
    BenchmarkTask task = task(TASK, "{\"question\": \"a\", \"label\": 1}\n{\"question\": ");
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data.jsonl, line 2: is not JSON");
  }

  @Test
  void tooFewExamplesToShow() throws IOException {
    BenchmarkTask task =
        task(
            TASK.replace("test_split: test", "test_split: test\nfewshot_split: test")
                + "num_fewshot: 5\n",
            "{\"question\": \"a\", \"label\": 1}\n");
    assertThatThrownBy(() -> task.examples(PromptSettings.plain()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("needs 6 examples")
        .hasMessageContaining("there are 1");
  }

  @Test
  void aDirectorysTaskTakesThePlaceOfOneThatComesAlong() throws IOException {
    write("mine.yaml", TASK.replace("task: mine", "task: kobest_copa"));
    write("data.jsonl", "{\"question\": \"Ready?\", \"label\": 0}\n");
    assertThat(requests(library(Map.of()), "kobest_copa").getFirst())
        .isEqualTo(new Request.LogLikelihood("Ready?", " yes"));
  }

  @Test
  void severalRightAnswersAndTheBeginningOfAnAnswer() throws IOException {
    BenchmarkTask task =
        task(
            TASK.replace("\"{{label}}\"", "label") + "gen_prefix: \"Answer:\"\n",
            "{\"question\": \"Well?\", \"label\": [0, 1]}\n");
    var example = task.examples(PromptSettings.plain()).getFirst();
    assertThat(example.requests().getFirst())
        .isEqualTo(new Request.LogLikelihood("Well? Answer:", " yes"));
    assertThat(example.gold()).hasSize(2);
  }
}
