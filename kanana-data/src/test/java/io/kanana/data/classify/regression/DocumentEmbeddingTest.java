package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Precision;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.train.ComputeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentEmbeddingTest {
  private static final String TEXT = "The history of the cell, 세포의 역사, and 🙂 energy.";

  @TempDir private static Path directory;
  private static Path model;
  private static Path withoutBegin;

  @BeforeAll
  static void write() {
    model = SmallModel.write(directory.resolve("model"), 3);
    withoutBegin = SmallModel.write(directory.resolve("without-begin"), 3, false);
  }

  private static ComputeConfig compute(String backend) {
    return new ComputeConfig(backend, OptionalInt.of(1), Precision.F32);
  }

  /** The mean of the hidden states by plain loops in double, one whole document at a time. */
  private static double[] obvious(Path path, String text, int maxTokens) {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        ModelDirectory model = ModelDirectory.open(path, backend, Precision.F32);
        Scope scope = backend.scope("test")) {
      int[] begin = model.tokenizer().beginOfText().stream().toArray();
      int[] own = model.tokenizer().encode(text, Specials.NONE);
      int[] tokens =
          IntStream.concat(Arrays.stream(begin), Arrays.stream(own).limit(maxTokens)).toArray();
      TokenInput input = TokenInput.whole(backend, scope, 1, tokens.length, tokens);
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      double[] hidden =
          backend.doubles(model.model().hiddenStates(tape, input, false).getLast().value());
      double[] mean = new double[SmallModel.WIDTH];
      for (int i = begin.length * mean.length; i < hidden.length; i++) {
        mean[i % mean.length] += hidden[i] / (tokens.length - begin.length);
      }
      return mean;
    }
  }

  private static void assertClose(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int c = 0; c < expected.length; c++) {
      assertThat((double) found[c]).as("channel %d", c).isCloseTo(expected[c], within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu", "nd4j"})
  void isTheMeanOfTheHiddenStates(String backend) {
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 100, compute(backend))) {
      assertClose(embedding.of(TEXT).orElseThrow(), obvious(model, TEXT, 100));
      assertThat(embedding.width()).isEqualTo(SmallModel.WIDTH);
    }
    try (DocumentEmbedding embedding =
        DocumentEmbedding.open(withoutBegin, 100, compute(backend))) {
      assertClose(embedding.of(TEXT).orElseThrow(), obvious(withoutBegin, TEXT, 100));
    }
  }

  @Test
  void longTextsAreTruncated() {
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 7, SmallModel.COMPUTE)) {
      assertClose(embedding.of(TEXT).orElseThrow(), obvious(model, TEXT, 7));
      assertClose(
          embedding.of("energy ".repeat(10_000)).orElseThrow(),
          obvious(model, "energy ".repeat(10_000), 7));
    }
  }

  @Test
  void aTextWithoutTokensHasNone() {
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 7, SmallModel.COMPUTE)) {
      assertThat(embedding.of("")).isEmpty();
      assertThat(embedding.of(" ")).isPresent();
    }
  }

  @Test
  void severalThreadsGetTheSame() {
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 20, SmallModel.COMPUTE)) {
      float[] alone = embedding.of(TEXT).orElseThrow();
      IntStream.range(0, 100)
          .parallel()
          .mapToObj(i -> i % 2 == 0 ? embedding.of(TEXT).orElseThrow() : filler(embedding, alone))
          .forEach(found -> assertThat(found).isEqualTo(alone));
    }
  }

  private static float[] filler(DocumentEmbedding embedding, float[] alone) {
    assertThat(embedding.of("another one")).isPresent();
    return alone;
  }

  @Test
  void moreTokensThanTheContextAreRefused() {
    DocumentEmbedding.open(model, SmallModel.CONTEXT - 1, SmallModel.COMPUTE).close();
    assertThatThrownBy(() -> DocumentEmbedding.open(model, SmallModel.CONTEXT, SmallModel.COMPUTE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("max-tokens: must be at most 127, since the context of")
        .hasMessageContaining("got 128");
  }

  private static String idOf(Path model) {
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 7, SmallModel.COMPUTE)) {
      return embedding.modelId();
    }
  }

  @Test
  void modelsAreToldApart() throws Exception {
    Path other = SmallModel.write(directory.resolve("other"), 4);
    assertThat(idOf(other)).isNotEqualTo(idOf(model));
    Path foreign = directory.resolve("foreign");
    Files.createDirectory(foreign);
    for (String file : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
      Files.copy(model.resolve(file), foreign.resolve(file));
    }
    String id = idOf(foreign);
    Files.copy(
        other.resolve("model.safetensors"),
        foreign.resolve("model.safetensors"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(idOf(foreign)).isNotEqualTo(id);
  }

  @Test
  void aMissingModelIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> DocumentEmbedding.open(missing, 7, SmallModel.COMPUTE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(missing.toString());
  }
}
