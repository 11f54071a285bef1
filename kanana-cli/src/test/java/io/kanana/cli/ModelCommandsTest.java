package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.Projection;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** generate, chat and logits on a random model. */
class ModelCommandsTest {
  @TempDir private static Path checkpoint;
  @TempDir private Path directory;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeAll
  static void write() throws IOException {
    TinyCheckpoint.write(checkpoint);
  }

  private int execute(String command, String... arguments) {
    return execute(checkpoint, command, arguments);
  }

  private int execute(Path model, String command, String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line =
        KananaCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(
        Stream.concat(Stream.of(command, model.toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private String generated(String... arguments) {
    assertThat(execute("generate", arguments)).as(err.toString()).isZero();
    return out.toString();
  }

  private String chatted(String input, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(execute("chat", arguments)).as(err.toString()).isZero();
      return out.toString();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void onePromptIsContinued() {
    String text = generated("--prompt", "The sea", "--max-new-tokens", "12", "--greedy");
    assertThat(text).doesNotStartWith("The sea").endsWith(System.lineSeparator());
    assertThat(err.toString()).containsPattern("^\\d+ tokens, [\\d.]+ tokens/s");
    assertThat(generated("--prompt", "The sea", "--max-new-tokens", "12", "--temperature", "0"))
        .isEqualTo(text);
  }

  @Test
  void aFileIsAPromptToo() throws IOException {
    Path file = Files.writeString(directory.resolve("prompt.txt"), "The sea");
    assertThat(generated("--file", file.toString(), "--seed", "3"))
        .isEqualTo(generated("--prompt", "The sea", "--seed", "3"))
        .isNotEqualTo(generated("--prompt", "The sea", "--seed", "4"));
    assertThat(execute("generate", "--file", directory.resolve("none").toString())).isEqualTo(3);
  }

  @Test
  void severalPromptsAreShownWithTheirContinuations() {
    String one = generated("--prompt", "바다", "--max-new-tokens", "9", "--greedy");
    String both =
        generated("--prompt", "The sea", "--prompt", "바다", "--max-new-tokens", "9", "--greedy");
    assertThat(both).startsWith("The sea").endsWith("바다" + one).contains("\n----\n");
  }

  @Test
  void withoutAPromptATextBegins() {
    assertThat(generated("--max-new-tokens", "5")).isNotBlank();
  }

  @Test
  void specialTokensOfAPromptAreTextWhereItIsRaw() {
    String prompt = "<|im_start|>";
    assertThat(generated("--prompt", prompt, "--greedy"))
        .isNotEqualTo(generated("--prompt", prompt, "--greedy", "--raw"));
  }

  @Test
  void everyOptionOfSamplingIsTaken() {
    generated(
        "--top-k=5",
        "--top-p=0.9",
        "--min-p=0.01",
        "--repetition-penalty=1.1",
        "--stop=a",
        "--threads=1",
        "--backend=reference",
        "--precision=f32",
        "--max-new-tokens=4");
    assertThat(execute("generate", "--top-p", "1.5")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("error: top-p: must be in (0, 1], got 1.5\n");
    assertThat(execute("generate", "--precision", "f8")).isEqualTo(2);
    assertThat(execute("generate", "--backend", "abacus")).isEqualTo(6);
    assertThat(err.toString()).contains("abacus", "reference");
  }

  @Test
  void whatCannotBeContinued() {
    assertThat(execute("generate", "--prompt", "the sea ".repeat(60))).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: prompt: has ").contains("context", "96");
    assertThat(execute(directory, "generate")).isEqualTo(4);
    assertThat(err.toString().lines()).singleElement().asString().contains("config.json");
  }

  @Test
  void aConversationIsRemembered() {
    String[] options = {"--greedy", "--max-new-tokens", "8", "--system", "Be brief."};
    List<String> first = chatted("Hello\n", options).lines().toList();
    String again = chatted("Hello\n/reset\nHello\n/exit\nHello\n", options);
    assertThat(again).isEqualTo((String.join("\n", first) + "\n").repeat(2));
    assertThat(chatted("Hello\nHello\n", options)).isNotEqualTo(again);
  }

  @Test
  void aConversationLongerThanTheContextSaysSo() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("the sea ".repeat(60).getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(execute("chat")).isEqualTo(2);
      assertThat(err.toString()).contains("conversation: has ", "96", "/reset");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void chatNeedsATemplate() throws IOException {
    TinyCheckpoint.write(directory);
    Files.delete(directory.resolve("chat_template.jinja"));
    Files.delete(directory.resolve("tokenizer_config.json"));
    assertThat(execute(directory, "chat")).isEqualTo(4);
    assertThat(err.toString()).contains("has no chat template", "kanana generate");
  }

  /** An adapter of zeros changes nothing, any other does, and one for another model is refused. */
  @Test
  void anAdapterIsMergedFirst() {
    double[] before = logits();
    ModelConfig shape = shape();
    Path zero = adapter("zero", shape, 0);
    assertThat(logits("--adapter", zero.toString())).isEqualTo(before);
    Path other = adapter("other", shape, 0.2);
    assertThat(logits("--adapter", other.toString())).isNotEqualTo(before);
    assertThat(generated("--adapter", other.toString(), "--greedy", "--prompt", "The sea"))
        .isNotEqualTo(generated("--greedy", "--prompt", "The sea"));
    Path deeper = adapter("deeper", shape.resized(3, 32, 4, 2, 48, true), 0);
    assertThat(execute("generate", "--adapter", deeper.toString())).isEqualTo(4);
    assertThat(err.toString()).contains("has tensor 'base_model.model.model.layers.2.");
    assertThat(execute("generate", "--adapter", directory.toString())).isEqualTo(4);
    assertThat(err.toString()).contains("adapter_config.json: there is no such file");
  }

  private static ModelConfig shape() {
    return HuggingFaceConfig.read(checkpoint.resolve(HuggingFaceConfig.FILE)).model();
  }

  private double[] logits(String... arguments) {
    Path file = directory.resolve("logits.safetensors");
    List<String> all =
        Stream.concat(
                Stream.of("--ids", "1,2,3", "--output", file.toString(), "--backend", "reference"),
                Stream.of(arguments))
            .toList();
    assertThat(execute("logits", all.toArray(String[]::new))).as(err.toString()).isZero();
    try (StoredTensors tensors = StoredTensors.open(directory, "logits")) {
      return tensors.tensor("logits").doubles();
    }
  }

  private Path adapter(String name, ModelConfig shape, double deviation) {
    Set<Projection> targets = EnumSet.of(Projection.V_PROJ, Projection.DOWN_PROJ);
    PeftConfig config = new PeftConfig(Optional.empty(), 2, 4, false, targets);
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama model = Llama.frozen(shape, Precision.F32, backend);
        ArtefactWriter artefact =
            ArtefactWriter.create(directory.resolve(name), PeftAdapter.KIND, List.of())) {
      for (Parameter parameter : model.adapt(config.shape(), false).parameters()) {
        float[] values = new float[(int) parameter.value().size()];
        RandomKey.of(4).child(parameter.name()).fillGaussian(values, 0, deviation);
        backend.write(values, parameter.value());
      }
      PeftAdapter.write(artefact, config, model);
      return artefact.commit().directory();
    }
  }

  @Test
  void logitsOfTokens() {
    Path file = directory.resolve("logits.safetensors");
    assertThat(execute("logits", "--ids", "1,2,3", "--output", file.toString())).isZero();
    try (StoredTensors tensors = StoredTensors.open(directory, "logits")) {
      assertThat(tensors.spec("ids").type()).isEqualTo(StoredType.I64);
      assertThat(tensors.spec("ids").shape()).containsExactly(3L);
      assertThat(tensors.spec("logits").shape()).containsExactly(3L, 300L);
      assertThat(tensors.tensor("logits").floats()).doesNotContain(0f, Float.NaN);
    }
    assertThat(execute("logits", "--ids", "1,300", "--output", file.toString())).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("error: ids: must be from 0 to 299, got 300\n");
    String many = "1,".repeat(TinyCheckpoint.CONTEXT) + "1";
    assertThat(execute("logits", "--ids", many, "--output", file.toString())).isEqualTo(2);
    Path nowhere = directory.resolve("none/logits.safetensors");
    assertThat(execute("logits", "--ids", "1", "--output", nowhere.toString())).isEqualTo(4);
  }
}
