package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int inspect(Path path) {
    return KananaCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("inspect", path.toString());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void aConfiguration() throws IOException {
    assertThat(inspect(write("config.yaml", "job: nap\nmodel: {layers: 2}\n"))).isZero();
    assertThat(lines()).containsExactly("job: nap", "model:", "  layers: 2");
  }

  @Test
  void aTokenizer() throws IOException {
    Path file =
        write(
            "tokenizer.json",
            """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "b"]]},
             "normalizer": null, "pre_tokenizer": {"type": "ByteLevel"},
             "added_tokens": [{"id": 2, "content": "<|end|>"}]}
            """);
    assertThat(inspect(file)).isZero();
    assertThat(lines())
        .contains("tokenizer: BPE", "vocabulary: 2", "merges: 1", "normalizer: none")
        .contains("pre-tokenizer: ByteLevel", "added tokens: 1", "  2  <|end|>");
  }

  @Test
  void aDirectoryOfTokenShards() throws IOException {
    write("shards.json", "{\"tokens\": 12, \"shards\": [{\"name\": \"0000\"}]}");
    write("0000.tokens", "x".repeat(24));
    assertThat(inspect(directory)).isZero();
    assertThat(lines())
        .containsExactly(
            directory + ": token shards",
            "               24  0000.tokens",
            "               44  shards.json",
            "shards.json",
            "  tokens: 12",
            "  shards: [{\"name\":\"0000\"}]");
  }

  @Test
  void largeValuesAreCounted() throws IOException {
    String list = "[" + "1,".repeat(99) + "1]";
    assertThat(inspect(write("a.json", "{\"deep\": {\"list\": " + list + "}, \"x\": 1}"))).isZero();
    assertThat(lines()).containsExactly("deep: ", "  list: 100 elements", "x: 1");
  }

  @Test
  void whatItCannotRead() throws IOException {
    assertThat(inspect(directory.resolve("none"))).isEqualTo(3);
    assertThat(inspect(write("a.json", "{\"a\": "))).isEqualTo(3);
    assertThat(inspect(write("a.png", "x"))).isEqualTo(3);
    assertThat(err.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("error: " + directory));
  }
}
