package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kanana bench}, which its module adds to the command line. */
class BenchCommandTest {
  private static final String TINY =
      """
      layers: 2
      hidden-size: 24
      heads: 4
      kv-heads: 2
      head-dim: 8
      ffn-size: 40
      vocabulary-size: 50
      context-length: 12
      norm-epsilon: 1e-5
      rope:
        theta: 10_000
        scaling: {type: none}
      tied-embeddings: true
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return KananaCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String tiny() throws Exception {
    return Files.writeString(directory.resolve("tiny.yaml"), TINY).toString();
  }

  @Test
  void helpNamesWhatCanBeMeasured() {
    assertThat(execute("--help")).isZero();
    assertThat(execute("bench")).isZero();
    assertThat(out.toString()).contains("bench", "Usage: kanana bench", "train");
  }

  @Test
  void whatAStepLearnsIsWrittenForOtherPrograms() throws Exception {
    Path file = directory.resolve("batch.json");
    int status =
        execute(
            "bench",
            "train",
            "--shape",
            tiny(),
            "--objective",
            "dpo",
            "--steps",
            "1",
            "--warm-up",
            "0",
            "--threads",
            "1",
            "--data",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString()).contains("objective dpo");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("objective").asText()).isEqualTo("dpo");
    int positions = json.path("rows").asInt() * json.path("contextLength").asInt();
    assertThat(json.path("tokens")).hasSize(positions);
    assertThat(json.path("targets")).hasSize(positions);
    assertThat(json.path("documentStarts")).hasSize(positions);
  }

  @Test
  void trainPrintsAndWritesWhatItMeasured() throws Exception {
    Path file = directory.resolve("report.json");
    int status =
        execute(
            "bench",
            "train",
            "--shape",
            tiny(),
            "--steps",
            "2",
            "--warm-up",
            "1",
            "--threads",
            "1",
            "--precision",
            "bf16",
            "--batch",
            "3",
            "--json",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString())
        .contains("batch 3 x 12", "bf16", "tokens/s", "of the bf16 peak", "heap per step")
        .contains("matmul nt 36x80x24 bf16", "attentionBackward 3x12, 4/2 heads x 8", "adamW")
        .contains("between kernels");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "program",
            "backend",
            "shape",
            "parameters",
            "precision",
            "threads",
            "objective",
            "batch",
            "context",
            "steps",
            "tokensPerSecond",
            "documentTokensPerSecond",
            "secondsPerStep",
            "flopsPerStep",
            "gigaFlopsPerSecond",
            "shareOfPeak",
            "peakMemoryMB",
            "tensorMemoryMB",
            "heapBytesPerStep",
            "heapCountedBy",
            "tensorGrowthMB",
            "residentGrowthMB",
            "peakBefore",
            "peakAfter",
            "breakdown",
            "loss");
    assertThat(json.at("/program").asText()).isEqualTo("kanana cpu");
    assertThat(json.at("/tokensPerSecond").asDouble()).isPositive();
    assertThat(json.at("/peakAfter/f32GigaFlopsPerSecond").asDouble()).isPositive();
    assertThat(json.at("/breakdown/kernels")).isNotEmpty();
  }

  @Test
  void generatePrintsAndWritesWhatItMeasured() throws Exception {
    Path file = directory.resolve("report.json");
    int status =
        execute(
            "bench",
            "generate",
            "--shape",
            tiny(),
            "--prompt",
            "9",
            "--tokens",
            "4",
            "--batch",
            "2",
            "--runs",
            "1",
            "--threads",
            "1",
            "--json",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString())
        .contains("batch 2, prompt of 9, 4 tokens", "% of the f32 peak", "% of the memory's")
        .contains("cachedAttention 2x9, 4/2 heads x 8", "cachedAttention 2x1, 4/2 heads x 8");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "program",
            "model",
            "precision",
            "threads",
            "promptTokensPerSecond",
            "promptShareOfPeak",
            "tokensPerSecond",
            "bytesPerStep",
            "shareOfReadBandwidth",
            "peakMemoryMB",
            "promptBreakdown",
            "breakdown");
    assertThat(json.at("/tokensPerSecond").asDouble()).isPositive();
    assertThat(json.at("/promptTokensPerSecond").asDouble()).isPositive();
  }

  @Test
  void kernelsPrintsAndWritesWhatItMeasured() throws Exception {
    Path file = directory.resolve("report.json");
    int status =
        execute(
            "bench",
            "kernels",
            "--filter",
            "^sumOfSquares$",
            "--quick",
            "--backend",
            "cpu",
            "--threads",
            "1",
            "--json",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString()).contains("peak of this machine", "sumOfSquares", "GB/s");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/kernels")).hasSize(1);
    assertThat(json.at("/kernels/0/kernel").asText()).isEqualTo("sumOfSquares");
    assertThat(json.at("/kernels/0/seconds").asDouble()).isPositive();
  }

  @Test
  void minHashPrintsAndWritesWhatItMeasured() throws Exception {
    Path file = directory.resolve("report.json");
    Path documents = directory.resolve("documents.jsonl");
    String line = "{\"text\": \"%s ships pass the light and %s bells ring\"}\n";
    Files.writeString(
        documents,
        line.formatted("ten", "two") + line.formatted("ten", "two") + line.formatted("six", "no"));
    int status =
        execute(
            "bench",
            "minhash",
            documents.toString(),
            "--threads",
            "1",
            "--rounds",
            "1",
            "--json",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString()).contains("3 documents, preset fineweb", "1 documents dropped");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/documents").asInt()).isEqualTo(3);
    assertThat(json.at("/dropped").asInt()).isEqualTo(1);
    assertThat(json.at("/sketchBytesPerDocument").asDouble()).isEqualTo(112);
    assertThat(json.at("/documentsPerSecond").asDouble()).isPositive();
  }

  @Test
  void distillSetsAStepBesideItsParts() throws Exception {
    Path file = directory.resolve("distill.json");
    String[] arguments = {
      "bench", "distill", "--shape", tiny(), "--top-k", "4", "--steps", "1", "--threads", "1"
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--json";
    all[arguments.length + 1] = file.toString();
    assertThat(execute(all)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains("teacher's forward pass", "step of both over its parts");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    double parts = json.get("studentSeconds").asDouble() + json.get("teacherSeconds").asDouble();
    assertThat(json.get("ratio").asDouble())
        .isEqualTo(json.get("distillationSeconds").asDouble() / parts);
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    assertThat(execute("bench", "train", "--shape", "14m")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: --shape: no shape '14m', and no such file; there are 13m, 50m");
    assertThat(execute("bench", "train")).isEqualTo(2);
    assertThat(execute("bench", "generate")).isEqualTo(2);
    assertThat(execute("bench", "kernels", "--filter", "softmax")).isEqualTo(2);
    assertThat(execute("bench", "minhash", "--preset", "simhash")).isEqualTo(2);
    assertThat(execute("bench", "kernels", "--backend", "gpu")).isEqualTo(6);
    assertThat(execute("bench", "train", "--shape", tiny(), "--steps", "0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("error: Missing required option: '--shape=NAME|FILE'")
        .contains("error: --filter: no kernel matches 'softmax'; there are matmul-nt")
        .contains("error: no back end 'gpu'; on the class path: ")
        .contains("error: Missing required argument (specify one of these): (--model=DIR")
        .contains("error: --steps: must be at least 1, got 0");
  }
}
