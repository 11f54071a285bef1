package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a mixture from a file of weights, and what can be seen of it, by commands alone. */
class MixtureCommandTest {
  private static final String WEIGHTS =
      """
      domains:
        english: {category: english-web, weight: 60.1}
        korean: {category: korean-web, weight: 39.8}
      """;
  private static final String DATA =
      """
      data:
        mixture:
          file: weights.yaml
          domains:
            english: {documents: [{type: miniature-web, documents: 60, korean-share: 0}]}
            korean: {documents: [{type: miniature-web, documents: 30, korean-share: 1}], max-epochs: 1.5}
        held-out-share: 0.1
        packing: best-fit
      """;

  @TempDir Path directory;

  private CommandProcess.Result command(TinyRun run, String... arguments) throws Exception {
    try (CommandProcess process = CommandProcess.start(run.directory(), List.of(arguments))) {
      return process.result();
    }
  }

  private TinyRun mixed() throws IOException {
    TinyRun run = TinyRun.in(directory.resolve("work"));
    Path file = run.directory().resolve("tiny.yaml");
    String tiny = Files.readString(file);
    String data = tiny.substring(tiny.indexOf("data:"), tiny.indexOf("tokenizer:"));
    Files.writeString(file, tiny.replace(data, DATA));
    Files.writeString(run.directory().resolve("weights.yaml"), WEIGHTS);
    return run;
  }

  @Test
  void inspectSaysWhatTheRunSees() throws Exception {
    TinyRun run = mixed();
    CommandProcess.Result before = command(run, "inspect", "tiny.yaml");
    before.assertSucceeded();
    assertThat(before.out())
        .contains(
            "no tokens yet of english, korean, so only what the weights ask for is known; run the job, or job:"
                + " tokenize");
    run.run().assertSucceeded();
    assertThat(run.file("config.yaml")).content().doesNotContain("weights.yaml");
    CommandProcess.Result after = command(run, "inspect", "out", "--samples", "2");
    after.assertSucceeded();
    assertThat(after.out())
        .contains("out: training run")
        .anyMatch(
            line ->
                line.startsWith(
                    "mixture: 2 domains in best-fit sequences of 16 tokens; 55 sequences with 880"))
        .anyMatch(line -> line.matches("english +english-web .* 60\\.16 % +\\d\\d\\.\\d\\d % .*"))
        .anyMatch(
            line ->
                line.matches("sequence 1: (english|korean), its sequence [\\d,]+ in pass 1; .*"))
        .anyMatch(line -> line.matches("  \\| document \\d+, tokens \\d+ \\.\\. \\d+ of \\d+: .+"));
    JsonNode json =
        new ObjectMapper()
            .readTree(String.join("\n", command(run, "inspect", "out", "--json").out()));
    assertThat(json.at("/domains/0/taken").asLong() + json.at("/domains/1/taken").asLong())
        .isEqualTo(55); // a ramp of six steps from 2 to 4, then ten of 4
    assertThat(json.get("samples")).hasSize(3);
    CommandProcess.Result longer =
        command(run, "run", "tiny.yaml", "--resume", "--set", "train.until={epochs: 9}");
    longer.assertRefusedWith(2, "data.mixture.domains.korean: ", "more than max-epochs 1.5");
  }
}
