package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.ParentModel;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/** The golden values of pruning and up-scaling. */
public final class GoldenPruning {
  /** A check of one back end. */
  public interface Check {
    void run(TensorBackend backend);
  }

  private final Path folder = Golden.folder("pruning");
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));

  /** The case of that name. */
  public JsonNode get(String id) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(found -> found.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** The model that a case begins with. */
  public HuggingFaceModel source(JsonNode golden) {
    return HuggingFaceModel.open(folder.resolve(golden.get("source").asText()).normalize());
  }

  /** The same, to be made into another. */
  public ParentModel parent(JsonNode directory) {
    return ParentModel.open(folder.resolve(directory.asText()));
  }

  /** A model that a case leads to, as Python wrote it. */
  public HuggingFaceModel result(String directory) {
    return HuggingFaceModel.open(folder.resolve(directory));
  }

  /** How near values must come to those of float64. */
  public static double tolerance(TensorBackend backend) {
    return backend.name().equals("reference") ? 1e-9 : 3e-5;
  }

  /** One test for each back end that can run here. */
  public static Stream<DynamicTest> onEveryBackEnd(Check check) {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .map(provider -> DynamicTest.dynamicTest(provider.name(), () -> run(provider, check))));
  }

  private static void run(TensorBackendProvider provider, Check check) {
    try (TensorBackend backend = provider.open(2)) {
      check.run(backend);
    }
  }

  /** Checks a model's logits of a case's ids. */
  public void assertLogits(Llama model, JsonNode golden) {
    assertLogits(model, golden, tolerance(model.backend()));
  }

  /** The same with a tolerance of the case's own. */
  public void assertLogits(Llama model, JsonNode golden, double tolerance) {
    double[] expected = tensors.doubles(golden.get("logits").asText());
    double[] actual = logits(model, golden.get("inputIds"));
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** Logits of rows of ids, one document each. */
  public static double[] logits(Llama model, JsonNode inputIds) {
    int time = inputIds.get(0).size();
    int[] ids =
        StreamSupport.stream(inputIds.spliterator(), false)
            .flatMapToInt(row -> java.util.Arrays.stream(Golden.ints(row)))
            .toArray();
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("test")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, ids.length / time, time, ids);
      Tensor hidden = model.hidden(tape, input, false).value();
      return backend.doubles(model.logits(tape, hidden));
    }
  }
}
