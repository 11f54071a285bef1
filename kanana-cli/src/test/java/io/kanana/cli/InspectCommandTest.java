package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int inspect(Path path, String... options) {
    List<String> arguments = new ArrayList<>(List.of("inspect", path.toString()));
    arguments.addAll(List.of(options));
    return KananaCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
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

  private static Path shipped(int stage) {
    return Path.of(System.getProperty("kanana.root", ".."))
        .resolve("configs/mixtures/stage-" + stage + ".yaml");
  }

  @Test
  void aMixtureWithoutDocuments() {
    assertThat(inspect(shipped(1), "--tokens", "1000000", "--context-length", "1000")).isZero();
    assertThat(lines())
        .startsWith(
            "mixture: 5 domains in windows of 1,000 tokens; 1,000 sequences with 1,000,000 positions")
        .anyMatch(line -> line.matches("english-web +english-web .* 67.87 % .*wants 678,679 .*"))
        .anyMatch(line -> line.matches("encyclopedia +encyclopedia .* 1.00 % .*wants 10,010 .*"))
        .last()
        .asString()
        .startsWith("no tokens yet of english-web, code, korean-web, academic, encyclopedia");
  }

  @Test
  void aMixtureForPrograms() throws IOException {
    assertThat(inspect(shipped(2), "--json", "--best-fit")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("packing").asText()).isEqualTo("best-fit");
    assertThat(json.at("/domains/5/name").asText()).isEqualTo("instruction");
    assertThat(json.at("/domains/5/asked").asDouble()).isCloseTo(1.8 / 100.1, offset(1e-12));
    assertThat(json.at("/categories/academic/asked").asDouble()).isCloseTo(0.3576, offset(1e-4));
  }

  @Test
  void whatIsNoMixtureHasNoJson() throws IOException {
    Path file = write("config.yaml", "job: nap\n");
    assertThat(inspect(file, "--json")).isEqualTo(2);
    assertThat(inspect(shipped(1), "--tokens", "0")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "error: --json: is for mixtures and pre-training runs, which "
                + file
                + " is not; leave it out",
            "error: --tokens: must be above 0, got 0");
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
  void aRewardModelIsCalledOne() throws IOException {
    write("model.safetensors", "x");
    write("config.json", "{\"architectures\": [\"LlamaForSequenceClassification\"]}");
    assertThat(inspect(directory)).isZero();
    assertThat(lines()).first().isEqualTo(directory + ": reward model, checkpoint");
    write("config.json", "{\"architectures\": [\"LlamaForCausalLM\"]}");
    assertThat(inspect(directory)).isZero();
    assertThat(lines()).contains(directory + ": checkpoint");
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
  void theTokensOfARun() throws IOException {
    Files.createDirectories(directory.resolve("train"));
    Files.createDirectories(directory.resolve("held-out"));
    write("train/shards.json", "{\"tokens\": 12}");
    write("held-out/shards.json", "{\"tokens\": 2}");
    assertThat(inspect(directory)).isZero();
    assertThat(lines())
        .startsWith(directory + ": token shards to train on, and held-out ones")
        .containsSubsequence(
            "train/shards.json", "  tokens: 12", "held-out/shards.json", "  tokens: 2");
  }

  @Test
  void aFileOfTensors() throws IOException {
    Path file = directory.resolve("model.safetensors");
    List<TensorContent> contents =
        List.of(
            TensorContent.of(TensorSpec.of("a", StoredType.F32, 2, 3), () -> new float[6]),
            TensorContent.of(TensorSpec.of("b", StoredType.BF16, 4), () -> new float[4]));
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(contents, Map.of("format", "pt"), out);
    }
    assertThat(inspect(file)).isZero();
    assertThat(lines())
        .containsExactly(
            "safetensors: 2 tensors, 10 elements, 32 bytes",
            "format: pt",
            "  a  F32 [2, 3]",
            "  b  BF16 [4]");
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(inspect(file)).isEqualTo(4);
  }

  @Test
  void jsonLines() throws IOException {
    assertThat(inspect(write("metrics.jsonl", "{\"step\": 1}\n{\"step\": 2}\n"))).isZero();
    assertThat(inspect(write("empty.jsonl", ""))).isZero();
    assertThat(inspect(write("cut.jsonl", "{\"step\": 1}\n{\"st"))).isZero();
    assertThat(lines())
        .startsWith("JSON lines: 2", "the last", "  step: 2", "JSON lines: 0", "JSON lines: 2")
        .last()
        .asString()
        .startsWith("  is not JSON: ");
  }

  @Test
  void jsonThatIsNoObject() throws IOException {
    assertThat(inspect(write("list.json", "[1, 2]"))).isZero();
    assertThat(lines()).containsExactly("[1,2]");
    assertThat(inspect(write("empty.json", ""))).isEqualTo(3);
    assertThat(err.toString()).contains("empty.json: is empty, which no JSON file is");
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

  private static final String TALK =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\","
          + " \"content\": \"a\\u001bb\"}], \"source\": \"s\", \"license\": \"MIT\"}\n";

  private Path tokenizer() {
    List<String> specials =
        List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>");
    BytePairTokenizer tokenizer =
        new BpeTrainer(new BpeTrainer.Config(270, specials))
            .withDocumentTokens(specials.get(0), specials.get(1))
            .train(List.of("user assistant").iterator(), 1);
    Path made = directory.resolve("tokenizer");
    Tokenizers.save(tokenizer, TokenizerConfig.of(tokenizer), made);
    return made;
  }

  @Test
  void conversations() throws IOException {
    String answerless = TALK.replace("a\\u001bb", " ");
    Path file = write("talk.jsonl", TALK + answerless + TALK);
    assertThat(inspect(file)).isZero();
    assertThat(lines())
        .containsExactly(
            "conversations: 2 of 3 records, with 4 messages",
            "licence: MIT 2",
            "source: s 2",
            "left out: 1, empty-answer; the first in line 2: message 2 of 2, of the assistant, is"
                + " blank");
  }

  @Test
  void conversationsByWhatIsTrainedOn() throws IOException {
    Path file = write("talk.jsonl", TALK);
    String made = tokenizer().toString();
    assertThat(inspect(file, "--tokenizer", made, "--template", "chatml")).isZero();
    assertThat(lines().subList(3, 9))
        .satisfies(
            shown ->
                assertThat(shown.getFirst())
                    .matches(
                        "tokens: \\d+, of which 4 \\(\\d+\\.\\d %\\) are trained on; the longest"
                            + " conversation has \\d+"))
        .endsWith(
            "",
            "conversation 1, what is trained on in \u27e6brackets\u27e7",
            "<|begin_of_text|><|im_start|>user",
            "hi<|im_end|>",
            "<|im_start|>assistant");
    assertThat(lines()).last().isEqualTo("\u27e6a\ufffdb<|im_end|>\u27e7");
    assertThat(inspect(file, "--tokenizer", made, "--template", "alpaca")).isEqualTo(2);
    assertThat(err.toString()).contains("must be one of [llama-3, chatml, plain], got alpaca");
    assertThat(inspect(file, "--tokenizer", made, "--template", "llama-3")).isEqualTo(2);
    assertThat(err.toString()).contains("llama-3 needs the special tokens [<|start_header_id|>,");
    assertThat(inspect(file, "--tokenizer", made)).isEqualTo(2);
    assertThat(err.toString()).contains("has no chat template");
  }

  @Test
  void colourForATerminal() throws IOException {
    Path file = write("talk.jsonl", TALK);
    ConversationInspector coloured =
        new ConversationInspector(
            new ConversationInspector.Look(
                Optional.of(tokenizer()), Optional.of(BuiltInTemplate.CHATML), 1, true));
    assertThat(coloured.describe(file)).last().isEqualTo("\u001b[32ma\ufffdb<|im_end|>\u001b[0m");
  }

  @Test
  void otherLinesAreNoConversations() throws IOException {
    assertThat(inspect(write("metrics.jsonl", "{\"step\": 1}\n{\"step\": 2}\n"))).isZero();
    assertThat(lines()).first().isEqualTo("JSON lines: 2");
  }
}
