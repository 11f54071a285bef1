package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline and the study of {@code pipelines.md} run, if smaller: from raw to a report. */
class PipelineGuideTest {
  private static final Path ROOT = Path.of(System.getProperty("kanana.root", ".."));
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final List<String> SMALL =
      List.of(
          "tokenizer.vocabulary-size=300",
          "model={layers: 1, hidden-size: 16, heads: 1, kv-heads: 1, head-dim: 16, ffn-size: 16}",
          "model.vocabulary-size=300",
          "model.context-length=16",
          "train={until: {steps: 2}, tokens-per-step: 32, micro-batch: 2}",
          "evaluate={every: {steps: 2}, tokens: 64}",
          "samples.prompts=[A]");

  @TempDir private Path directory;

  private List<String> blocks;

  @BeforeEach
  void read() throws IOException {
    String guide = Files.readString(ROOT.resolve("docs/guides/pipelines.md"));
    blocks = YAML.matcher(guide).results().map(block -> block.group(1)).toList();
    try (Stream<Path> files = Files.walk(ROOT.resolve("configs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve("work").resolve(ROOT.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private Path work() {
    return directory.resolve("work");
  }

  private CommandProcess.Result run(String yaml, List<String> assignments, String... options)
      throws Exception {
    Files.writeString(work().resolve("configs/guide.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("run", "configs/guide.yaml"));
    assignments.forEach(assignment -> arguments.addAll(List.of("--set", assignment)));
    arguments.addAll(List.of(options));
    try (CommandProcess process = CommandProcess.start(work(), arguments)) {
      return process.result();
    }
  }

  private static List<String> small(String job) {
    return SMALL.stream().map(assignment -> job + "." + assignment).toList();
  }

  @Test
  void thePipelineGoesFromRawDocumentsToAModel() throws Exception {
    List<String> assignments = new ArrayList<>(small("jobs[1]"));
    assignments.add("jobs[0].data.documents[0].documents=200");
    CommandProcess.Result first = run(blocks.get(0), assignments);
    first.assertSucceeded();
    assertThat(first.out())
        .anyMatch(line -> line.startsWith("filter: kept: "))
        .anyMatch(line -> line.endsWith("runs/from-raw/train/model"));
    CommandProcess.Result again = run(blocks.get(0), assignments, "--resume");
    again.assertSucceeded();
    assertThat(again.out())
        .contains("filter: done", "train: done")
        .noneMatch(line -> line.contains("kept: ") || line.contains("saved"));
  }

  @Test
  void theStudyEndsInAReport() throws Exception {
    List<String> assignments = new ArrayList<>(small("arms.slow[0]"));
    assignments.addAll(small("arms.fast[0]"));
    assignments.add("seeds=[1, 2]");
    assignments.add("shared[0].data.documents=[{type: miniature-web, documents: 200}]");
    CommandProcess.Result result = run(blocks.get(1), assignments);
    result.assertSucceeded();
    assertThat(result.out())
        .anyMatch(line -> line.startsWith("fast better than slow: "))
        .endsWith("page  runs/rates/report.html");
    JsonNode report =
        new ObjectMapper().readTree(work().resolve("runs/rates/report/report.json").toFile());
    for (String arm : List.of("slow", "fast")) {
      assertThat(report.at("/arms/" + arm + "/values/2").asDouble()).isBetween(1.0, 10.0);
      assertThat(report.at("/arms/" + arm + "/compute/1/tokens").asLong()).isEqualTo(64);
    }
    assertThat(report.at("/claims/0/values/1").asDouble())
        .isEqualTo(
            report.at("/arms/fast/values/1").asDouble()
                - report.at("/arms/slow/values/1").asDouble());
  }
}
