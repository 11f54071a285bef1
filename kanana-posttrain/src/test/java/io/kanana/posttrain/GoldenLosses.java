package io.kanana.posttrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/** The golden values of losses: cases on every back end that runs here, and stored gradients. */
public final class GoldenLosses {
  /** Checks a case. */
  @FunctionalInterface
  public interface Check {
    void run(JsonNode golden, TensorBackend backend) throws Exception;
  }

  private final Path folder = Golden.folder("losses");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");

  public GoldenTensors tensors() {
    return tensors;
  }

  /** The directory of a case's model; words behind its path are left out. */
  public Path model(JsonNode golden) {
    return folder.resolve(golden.get("model").asText().split(" ", -1)[0]).normalize();
  }

  /** The cases whose ids begin so, each on every back end. */
  public Stream<DynamicTest> onEveryBackEnd(String prefix, Check check) {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(provider -> on(provider, prefix, check)));
  }

  private Stream<DynamicTest> on(TensorBackendProvider provider, String prefix, Check check) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(golden -> golden.get("id").asText().startsWith(prefix))
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    provider.name() + " " + golden.get("id").asText(),
                    () -> {
                      try (TensorBackend backend = provider.open(2)) {
                        check.run(golden, backend);
                      }
                    }));
  }

  /**
   * Compares a model's gradients with those that are stored, and says with how many.
   *
   * @param prefix of their names
   * @param tolerance by a tensor's largest value
   */
  public int checkGradients(String prefix, Llama model, double tolerance) {
    int checked = 0;
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        if (tensors.has(prefix + part.name())) {
          checked++;
          double[] expected = tensors.doubles(prefix + part.name());
          double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
          assertThat(model.backend().doubles(parameter.view(part, parameter.gradient())))
              .as(part.name())
              .containsExactly(expected, offset(tolerance * Math.max(largest, 1e-6)));
        }
      }
    }
    return checked;
  }
}
