package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Logits, hidden states, losses and every gradient against float64 PyTorch, for every case of
 * {@code models/values.json} and every back end that can run here.
 */
@Tag("golden")
class ModelGoldenTest {
  /**
   * Largest differences: of logits and hidden states; of losses; of a gradient by its tensor's
   * largest value.
   */
  private record Tolerance(double logits, double loss, double gradient) {
    static Tolerance of(String backend) {
      return backend.equals("reference")
          ? new Tolerance(1e-9, 1e-9, 1e-6)
          : new Tolerance(3e-5, 2e-6, 3e-5);
    }
  }

  /** What storing a value as F32 may have changed, by its size. */
  private static final double STORED_F32 = 1e-7;

  private final Path folder = Golden.folder("models");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");

  @TestFactory
  Stream<DynamicTest> everyCaseOnEveryBackEnd() {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(this::casesOf));
  }

  private Stream<DynamicTest> casesOf(TensorBackendProvider provider) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(golden -> golden.has("grads"))
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
    Tolerance tolerance = Tolerance.of(backend.name());
    ModelConfig config = GoldenModels.config(folder.resolve(golden.get("model").asText()));
    try (Llama model = Llama.trainable(config, Precision.F32, backend);
        Scope scope = backend.scope("test")) {
      GoldenModels.load(model, folder.resolve(golden.get("model").asText()));
      Rows rows = Rows.of(golden, inputOf(golden));
      checkForward(golden, model, scope, rows, tolerance);
      checkLossAndGradients(golden, model, scope, rows, tolerance);
    }
  }

  private JsonNode inputOf(JsonNode golden) {
    if (!golden.has("inputIdsOf")) {
      return golden.get("inputIds");
    }
    String other = golden.get("inputIdsOf").asText();
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(c -> c.get("id").asText().equals(other))
        .findFirst()
        .orElseThrow()
        .get("inputIds");
  }

  private void checkForward(
      JsonNode golden, Llama model, Scope scope, Rows rows, Tolerance tolerance) {
    if (!golden.has("logits")) {
      return;
    }
    TensorBackend backend = model.backend();
    Tape tape = Tape.forwardOnly(backend.kernels(), scope);
    List<Variable> states = model.hiddenStates(tape, rows.input(backend, scope), false);
    Tensor logits = model.logits(tape, states.getLast().value());
    assertClose("logits", backend.doubles(logits), golden.get("logits").asText(), tolerance.logits);
    for (int i = 0; golden.has("hiddenStates") && i < states.size(); i++) {
      String name = golden.get("hiddenStates").get(i).asText();
      assertClose(name, backend.doubles(states.get(i).value()), name, tolerance.logits);
    }
  }

  private void checkLossAndGradients(
      JsonNode golden, Llama model, Scope scope, Rows rows, Tolerance tolerance) {
    TensorBackend backend = model.backend();
    double zLoss = golden.path("coefficient").asDouble(0);
    for (boolean recompute : new boolean[] {false, true}) {
      model.clearGradients();
      Tape tape = Tape.recording(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, 2);
      Tensor targets = scope.allocate(DType.I32, rows.targets.length);
      backend.write(rows.targets, targets);
      Variable hidden = model.hidden(tape, rows.input(backend, scope), recompute);
      tape.crossEntropy(hidden, model.head(), targets, 1.0 / rows.count(), zLoss, sums);
      tape.backward();
      double[] values = backend.doubles(sums);
      double loss = (values[0] + zLoss * values[1]) / rows.count();
      assertThat(loss).isCloseTo(golden.get("loss").asDouble(), within(tolerance.loss));
      checkGradients(golden.get("grads").asText(), model, tolerance);
    }
  }

  private void checkGradients(String prefix, Llama model, Tolerance tolerance) {
    List<String> names = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        String name = prefix + part.name();
        names.add(name);
        if (tensors.has(name)) {
          double[] gradient = model.backend().doubles(parameter.view(part, parameter.gradient()));
          double largest = largest(tensors.doubles(name));
          assertClose(name, gradient, name, tolerance.gradient * largest + 1e-8);
        }
      }
    }
    assertThat(names).containsAll(tensors.names(prefix));
  }

  private void assertClose(String what, double[] actual, String name, double tolerance) {
    double[] expected = tensors.doubles(name);
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double worst = 0;
    double rounding = tensors.isRounded(name) ? STORED_F32 : 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      worst = Math.max(worst, difference - rounding * Math.abs(expected[i]));
    }
    assertThat(worst).as("largest difference of " + what).isLessThanOrEqualTo(tolerance);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  /** The rows of a case with the targets and masks it describes. */
  private record Rows(
      int batch, int time, int[] tokens, int[] targets, int[] positions, int[] starts) {
    static Rows of(JsonNode golden, JsonNode inputIds) {
      int batch = inputIds.size();
      int time = inputIds.get(0).size();
      int[] tokens = new int[batch * time];
      int[] positions = new int[batch * time];
      int[] starts = new int[batch * time];
      int[] targets = new int[batch * time];
      for (int i = 0; i < tokens.length; i++) {
        int b = i / time;
        int t = i % time;
        tokens[i] = inputIds.get(b).get(t).asInt();
        positions[i] =
            golden.has("positionIds") ? golden.get("positionIds").get(b).get(t).asInt() : t;
        starts[i] = t - positions[i];
      }
      for (int i = 0; i < tokens.length; i++) {
        boolean last = i % time == time - 1 || positions[i + 1] == 0;
        targets[i] = last ? -1 : tokens[i + 1];
      }
      return new Rows(batch, time, tokens, targets, positions, starts);
    }

    TokenInput input(TensorBackend backend, Scope scope) {
      return TokenInput.of(backend, scope, batch, time, tokens, positions, starts);
    }

    long count() {
      return java.util.Arrays.stream(targets).filter(target -> target >= 0).count();
    }
  }
}
