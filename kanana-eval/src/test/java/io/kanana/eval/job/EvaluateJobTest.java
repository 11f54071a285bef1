package io.kanana.eval.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.golden.Golden;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.eval.report.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("golden")
class EvaluateJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  /** Keeps what was said, and asks for a stop at a number of answers. */
  private static final class Told implements Progress {
    private final List<String> lines = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private final int stopAt;
    private String last = "";

    Told(int stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public void line(String text) {
      lines.add(text);
    }

    @Override
    public void status(String text) {
      last = text;
      int answered =
          Integer.parseInt(text.replaceFirst("answered ([0-9,]+) .*", "$1").replace(",", ""));
      if (answered >= stopAt) {
        cancellation.request();
      }
    }
  }

  private Told run(String output, boolean resume, int stopAt, String... more) throws IOException {
    Told told = new Told(stopAt);
    configured(output, more).run(resume, told, Clock.systemUTC(), told.cancellation);
    return told;
  }

  private ConfiguredJob<?> configured(String output, String... more) throws IOException {
    Path golden = Golden.folder("eval");
    Path file = directory.resolve("evaluate.yaml");
    Files.writeString(
        file,
        """
        job: evaluate
        output: %s
        model: {type: checkpoint, path: %s, backend: cpu, threads: 2, max-length: 2048, batch-tokens: 256}
        tasks: [kobest_copa_local, quiz_local, gsm8k_local_short, encyclopedia_en_local]
        task-directories: [%s]
        data-directory: %s
        limit: 3
        bootstrap-iterations: 100
        """
            .formatted(
                directory.resolve(output),
                golden.resolve("tiny-model"),
                golden.resolve("tasks"),
                golden));
    return Jobs.load(EvaluateJobTest.class.getClassLoader()).configure(file, List.of(more));
  }

  private JsonNode results(String output) throws IOException {
    return JSON.readTree(directory.resolve(output + "/results/results.json").toFile());
  }

  private static JsonNode withoutTime(JsonNode results) {
    return ((ObjectNode) results.deepCopy()).without(List.of("compute", "written"));
  }

  @Test
  void resultsSamplesAndTablesAreWritten() throws IOException {
    Told told = run("out", false, Integer.MAX_VALUE);
    Path results = directory.resolve("out/results");
    Artefact artefact = Artefact.open(results);
    artefact.verify();
    assertThat(artefact.manifest().kind()).isEqualTo("evaluation");
    JsonNode json = results("out");
    JsonNode copa = json.at("/tasks/kobest_copa_local");
    assertThat(copa.get("samples").asInt()).isEqualTo(3);
    assertThat(copa.at("/figures/acc,none/value").isNumber()).isTrue();
    assertThat(copa.get("promptHash").asText()).hasSize(64);
    assertThat(copa.at("/settings/num_fewshot").asInt()).isZero();
    assertThat(json.at("/tasks/gsm8k_local_short/figures").has("exact_match,strict-match"))
        .isTrue();
    assertThat(json.at("/compute/flops").asDouble()).isPositive();
    assertThat(Files.readAllLines(results.resolve("samples.jsonl"))).hasSize(4 * 3);
    assertThat(Files.readString(results.resolve("results.md"))).contains("| kobest_copa_local |");
    assertThat(Files.readString(results.resolve("results.html"))).contains("<td>quiz_local</td>");
    assertThat(told.lines).anyMatch(line -> line.startsWith("encyclopedia_en_local"));
    assertThat(told.last).contains("requests/s, 0s left");
  }

  @Test
  void anInterruptedRunAsksOnlyForTheRest() throws IOException {
    run("whole", false, Integer.MAX_VALUE);
    run("parts", false, 9);
    assertThat(directory.resolve("parts/results")).doesNotExist();
    int before = Files.readAllLines(directory.resolve("parts/journal.jsonl")).size();
    assertThat(before).isBetween(10, 25);
    // a kill in the middle of a line
    Files.writeString(
        directory.resolve("parts/journal.jsonl"),
        "{\"request\":\"abc",
        java.nio.file.StandardOpenOption.APPEND);
    run("parts", true, Integer.MAX_VALUE);
    int after = Files.readAllLines(directory.resolve("parts/journal.jsonl")).size();
    assertThat(after)
        .isEqualTo(Files.readAllLines(directory.resolve("whole/journal.jsonl")).size());
    assertThat(withoutTime(results("parts"))).isEqualTo(withoutTime(results("whole")));
    assertThat(Files.readAllBytes(directory.resolve("parts/results/samples.jsonl")))
        .isEqualTo(Files.readAllBytes(directory.resolve("whole/results/samples.jsonl")));
  }

  @Test
  void aResumedRunOfAnotherModelIsRefused() throws IOException {
    run("out", false, 9);
    assertThatThrownBy(() -> run("out", true, Integer.MAX_VALUE, "model.max-length=1024"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("are those of");
  }

  @Test
  void twoRunsAreComparedQuestionByQuestion() throws IOException {
    run("a", false, Integer.MAX_VALUE);
    run("b", false, Integer.MAX_VALUE, "model.precision=bf16-mixed", "few-shot=0");
    Comparison comparison = Comparison.of(directory.resolve("a"), directory.resolve("b/results"));
    assertThat(comparison.figures()).containsKeys("kobest_copa_local acc,none");
    // few-shot changed the prompts of the two tasks that have shots
    assertThat(comparison.otherPrompts()).isEqualTo(6);
    assertThat(comparison.figures().keySet()).noneMatch(key -> key.startsWith("quiz_local"));
    assertThat(comparison.lines(5)).anyMatch(line -> line.contains("p = "));
  }

  @Test
  void theChatTemplateAndEveryProblemOfTheConfiguration() throws IOException {
    run("chat", false, Integer.MAX_VALUE, "chat={system: Be brief., multiturn: true}", "limit=1");
    JsonNode chat = results("chat").at("/prompts/chat");
    assertThat(chat.get("system").asText()).isEqualTo("Be brief.");
    assertThatThrownBy(
            () ->
                run("bad", false, 1, "limit=0", "tasks=[]", "model.batch-tokens=0", "few-shots=2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("limit: must be at least 1")
        .hasMessageContaining("tasks: must name at least one task")
        .hasMessageContaining("model.batch-tokens: must be at least 1")
        .hasMessageContaining("few-shots: unknown key");
  }

  @Test
  void aModelThatIsNotThereYetCanBePlannedButNotAsked() throws IOException {
    String missing = directory.resolve("later").toString();
    ConfiguredJob<?> job = configured("out", "model.path=" + missing);
    assertThat(job.plan().toString()).contains("not there yet: " + missing);
    assertThatThrownBy(() -> run("out", false, 1, "model.path=" + missing))
        .isInstanceOf(ConfigException.class)
        .hasMessage("model.path: " + missing + " is no directory; name that of a model");
    assertThat(directory.resolve("out/config.yaml")).doesNotExist();
    String file = Files.createFile(directory.resolve("file")).toString();
    assertThatThrownBy(() -> configured("out", "model.path=" + file).plan())
        .isInstanceOf(ConfigException.class)
        .hasMessage("model.path: " + file + " is no directory; name that of a model");
  }
}
