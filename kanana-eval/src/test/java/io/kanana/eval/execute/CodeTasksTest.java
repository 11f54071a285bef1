package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.eval.SayingModel;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.run.Figure;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks whose answers are programs, from the question to the figure. */
class CodeTasksTest {
  @TempDir Path directory;

  private TaskLibrary library(boolean runCode) {
    return TaskLibrary.of(
        List.of(directory),
        Extensions.load(CodeTasksTest.class.getClassLoader()),
        new MetricContext(runCode),
        new DataFiles(
            directory,
            Map.of(
                "openai/openai_humaneval",
                Map.of("test", "humaneval.jsonl"),
                "google-research-datasets/mbpp",
                Map.of("test", "mbpp.jsonl", "prompt", "mbpp.jsonl"))));
  }

  @Test
  void programsOfHumanEvalAreRun() throws IOException {
    Sandboxes.sandbox();
    Files.writeString(
        directory.resolve("humaneval.jsonl"), problem("add") + problem("sub") + problem("leave"));
    Figure figure =
        SayingModel.run(
                library(true).find("humaneval"),
                PromptSettings.plain(),
                prompt ->
                    prompt.contains("add")
                        ? "    return a + b\n"
                        : prompt.contains("sub")
                            ? "    return a - b\n"
                            : "    import sys; sys.exit(0)\n")
            .tasks()
            .get("humaneval")
            .figures()
            .get("pass@1,create_test");
    assertThat(figure.value()).isEqualTo(1.0 / 3);
  }

  private static String problem(String name) {
    return """
        {"prompt": "def %s(a, b):\\n", "entry_point": "%s", "test": "def check(candidate):\\n    assert candidate(1, 2) == 3\\n"}
        """
        .formatted(name, name);
  }

  @Test
  void programsOfMbppAreRun() throws IOException {
    Sandboxes.sandbox();
    String line =
        """
        {"text": "Double %s.", "code": "def twice(x):\\n  return 2 * x", "test_list": ["assert twice(1) == 2", "assert twice(2) == 4", "assert twice(0) == 0"]}
        """;
    Files.writeString(
        directory.resolve("mbpp.jsonl"),
        line.formatted("a") + line.formatted("b") + line.formatted("c") + line.formatted("d"));
    Figure figure =
        SayingModel.run(
                library(true).find("mbpp"),
                PromptSettings.plain(),
                prompt ->
                    prompt.lastIndexOf("task: Double c.") == prompt.lastIndexOf("task: ")
                        ? "def twice(x):\n  return 2"
                        : "def twice(x):\n  return x + x\n")
            .tasks()
            .get("mbpp")
            .figures()
            .get("pass@1,none");
    assertThat(figure.value()).isEqualTo(0.75);
  }

  @Test
  void codeIsRunOnlyWhenAskedFor() {
    assertThatThrownBy(() -> library(false).find("humaneval"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("run-code: is false, but a task runs what the model wrote");
  }

  @Test
  void modulesThatTestsNeedAreTriedFirst() throws IOException {
    Sandboxes.sandbox();
    Files.writeString(
        directory.resolve("mine.yaml"),
        """
        task: mine
        dataset_path: json
        dataset_kwargs: {data_files: {test: data.jsonl}}
        test_split: test
        doc_to_text: "{{prompt}}"
        doc_to_target: "{{test}}"
        metric_list: [{metric: pass_at_k, modules: [math, no_such_module]}]
        """);
    assertThatThrownBy(() -> library(true).find("mine"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the tests import no_such_module, which python3 cannot");
  }
}
