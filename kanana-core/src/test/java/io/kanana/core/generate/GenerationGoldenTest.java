package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Greedy continuations, alone and in a batch of unequal prompts, against transformers: the same
 * tokens with the same log-probabilities, on every back end that can run here.
 */
@Tag("golden")
class GenerationGoldenTest {
  private static final double TOLERANCE = 1e-4;

  private final Path folder = Golden.folder("models");
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");

  /** Takes the most probable token and notes how probable it was. */
  private static final class Recorder implements Generator.Continuation {
    private final List<Double> logProbabilities = new ArrayList<>();

    @Override
    public int choose(float[] logits, int[] tokens) {
      int best = 0;
      for (int i = 0; i < logits.length; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      double largest = logits[best];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - largest);
      }
      logProbabilities.add(-Math.log(sum));
      return best;
    }

    @Override
    public boolean accept(int token) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCaseOnEveryBackEnd() {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(this::casesOf));
  }

  private Stream<DynamicTest> casesOf(TensorBackendProvider provider) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(golden -> golden.has("newTokens"))
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    provider.name() + " " + golden.get("id").asText(),
                    () -> {
                      try (TensorBackend backend = provider.open(2)) {
                        check(golden, backend);
                      }
                    }));
  }

  private void check(JsonNode golden, TensorBackend backend) {
    Path directory = folder.resolve(golden.get("model").asText());
    try (Llama model = Llama.frozen(GoldenModels.config(directory), Precision.F32, backend)) {
      GoldenModels.load(model, directory);
      List<Recorder> recorders = new ArrayList<>();
      List<Generator.Request> requests = new ArrayList<>();
      for (int row = 0; row < golden.get("newTokens").size(); row++) {
        recorders.add(new Recorder());
        requests.add(
            new Generator.Request(
                prompt(golden, row), golden.get("newTokens").get(row).size(), recorders.getLast()));
      }
      List<int[]> tokens = new Generator(model).generate(requests);
      for (int row = 0; row < tokens.size(); row++) {
        assertThat(tokens.get(row)).containsExactly(Golden.ints(golden.get("newTokens").get(row)));
        assertClose(recorders.get(row), golden.get("logProbs").get(row));
      }
    }
  }

  private static void assertClose(Recorder recorder, JsonNode expected) {
    assertThat(recorder.logProbabilities).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(recorder.logProbabilities.get(i))
          .as("log-probability of token " + i)
          .isCloseTo(expected.get(i).asDouble(), within(TOLERANCE));
    }
  }

  /** The tokens of a row that are not padding. */
  private static int[] prompt(JsonNode golden, int row) {
    if (golden.has("prompt")) {
      return Golden.ints(golden.get("prompt").get(row));
    }
    int[] padded = Golden.ints(golden.get("inputIds").get(row));
    int real = Arrays.stream(Golden.ints(golden.get("attentionMask").get(row))).sum();
    return Arrays.copyOfRange(padded, padded.length - real, padded.length);
  }
}
