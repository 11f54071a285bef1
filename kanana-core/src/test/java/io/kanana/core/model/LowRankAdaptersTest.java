package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.error.BackendException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Adapters beside a frozen model: what they compute, what they leave alone, who finds them. */
class LowRankAdaptersTest {
  private static final int[] TOKENS = {4, 1, 8, 3, 3, 10, 2, 6, 0, 7};
  private static final int[] TARGETS = {3, 7, -1, 2, 5, 9, 0, 1, -1, 10};

  private static final AdapterShape ALL = AdapterShape.of(3, 0.75, List.of(Projection.values()));
  private static final AdapterShape SOME =
      AdapterShape.of(2, 2, List.of(Projection.V_PROJ, Projection.UP_PROJ));

  private static ModelConfig config() {
    RopeConfig rope = new RopeConfig(10000, new RopeScaling.None());
    return new ModelConfig(2, 24, 4, 2, 8, 40, 11, 16, 1e-5, rope, false);
  }

  private static Llama frozen(TensorBackend backend, Precision precision) {
    Llama model = Llama.frozen(config(), precision, backend);
    model.initialise(RandomKey.of(3), 0.2);
    return model;
  }

  /** With an A and a B that matter. */
  private static Llama adapted(TensorBackend backend, Precision precision, AdapterShape shape) {
    Llama model = frozen(backend, precision);
    for (Parameter parameter : model.adapt(shape, true).parameters()) {
      float[] values = new float[(int) parameter.value().size()];
      RandomKey.of(4).child(parameter.name()).fillGaussian(values, 0, 0.2);
      backend.write(values, parameter.value());
    }
    model.refreshCopies();
    return model;
  }

  private static double[] logits(Llama model) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("logits")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, 1, TOKENS.length, TOKENS);
      return backend.doubles(model.logits(tape, model.hidden(tape, input, false).value()));
    }
  }

  /** The gradients that a loss leaves, by parameter. */
  private static List<double[]> gradients(Llama model, boolean recompute) {
    TensorBackend backend = model.backend();
    model.clearGradients();
    try (Scope scope = backend.scope("gradients")) {
      Tape tape = Tape.recording(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, 1, TOKENS.length, TOKENS);
      Tensor targets = scope.allocate(DType.I32, TARGETS.length);
      backend.write(TARGETS, targets);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, 2);
      tape.crossEntropy(
          model.hidden(tape, input, recompute), model.head(), targets, 0.125, 0, sums);
      tape.backward();
    }
    return model.parameters().stream()
        .filter(Parameter::trained)
        .map(parameter -> backend.doubles(parameter.gradient()))
        .toList();
  }

  private static Stream<DynamicTest> onEveryBackEnd(Consumer<TensorBackend> test) {
    return TensorBackends.providers().stream()
        .filter(provider -> provider.obstacle().isEmpty())
        .map(
            provider ->
                DynamicTest.dynamicTest(
                    provider.name(),
                    () -> {
                      try (TensorBackend backend = provider.open(2)) {
                        test.accept(backend);
                      }
                    }));
  }

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("[%d]", i).isCloseTo(expected[i], offset(tolerance));
    }
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> mergedWeightsGiveTheSameLogits() {
    return onEveryBackEnd(
        backend -> {
          for (AdapterShape shape : List.of(ALL, SOME)) {
            try (Llama model = adapted(backend, Precision.F32, shape)) {
              double[] expected = logits(model);
              model.adapters().orElseThrow().enable(false);
              assertThat(largest(difference(logits(model), expected))).isGreaterThan(0.05);
              model.adapters().orElseThrow().enable(true);
              model.mergeAdapters();
              assertThat(model.adapters()).isEmpty();
              assertThat(model.parameters()).isEqualTo(model.weights());
              assertClose(logits(model), expected, 2e-6 * largest(expected));
            }
          }
        });
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = a.clone();
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }

  /** Logits and gradients of every back end, in both precisions, beside the reference's. */
  @TestFactory
  Stream<DynamicTest> everyBackEndComputesWhatTheReferenceDoes() {
    return onEveryBackEnd(
        backend -> {
          for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.F32 ? 3e-6 : 3e-2;
            try (TensorBackend exact = TensorBackends.open("reference", 1);
                Llama expected = adapted(exact, Precision.F32, ALL);
                Llama model = adapted(backend, precision, ALL)) {
              double[] wanted = logits(expected);
              assertClose(logits(model), wanted, tolerance * largest(wanted));
              List<double[]> wantedGradients = gradients(expected, false);
              List<double[]> found = gradients(model, false);
              assertThat(found).hasSize(2 * 4 * 2); // A and B of four fused matrices, two layers
              for (int i = 0; i < found.size(); i++) {
                double scale = largest(wantedGradients.get(i));
                assertClose(found.get(i), wantedGradients.get(i), 3 * tolerance * scale);
              }
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> recomputedLayersLeaveTheSameGradients() {
    return onEveryBackEnd(
        backend -> {
          for (Precision precision : Precision.values()) {
            try (Llama model = adapted(backend, precision, SOME)) {
              List<double[]> kept = gradients(model, false);
              List<double[]> again = gradients(model, true);
              for (int i = 0; i < kept.size(); i++) {
                assertThat(again.get(i)).isEqualTo(kept.get(i));
              }
            }
          }
        });
  }

  /** B is zero, so the logits are those of the model alone, to the bit. */
  @TestFactory
  Stream<DynamicTest> newAdaptersAddNothing() {
    return onEveryBackEnd(
        backend -> {
          for (Precision precision : Precision.values()) {
            try (Llama model = frozen(backend, precision)) {
              double[] before = logits(model);
              LowRankAdapters adapters = model.adapt(ALL, true);
              adapters.initialise(RandomKey.of(9));
              assertThat(logits(model)).isEqualTo(before);
              adapters.enable(false);
              assertThat(logits(model)).isEqualTo(before);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theModelItselfIsNotChanged() {
    return onEveryBackEnd(
        backend -> {
          try (Llama model = adapted(backend, Precision.F32, ALL)) {
            List<double[]> before = values(backend, model.weights());
            assertThat(gradients(model, false)).allMatch(gradient -> largest(gradient) > 0);
            List<double[]> after = values(backend, model.weights());
            for (int i = 0; i < before.size(); i++) {
              assertThat(after.get(i)).isEqualTo(before.get(i));
            }
          }
        });
  }

  private static List<double[]> values(TensorBackend backend, List<Parameter> parameters) {
    return parameters.stream().map(parameter -> backend.doubles(parameter.value())).toList();
  }

  @TestFactory
  Stream<DynamicTest> cachedPositionsGoThroughThemToo() {
    return onEveryBackEnd(
        backend -> {
          try (Llama model = adapted(backend, Precision.F32, ALL);
              Scope scope = backend.scope("cache")) {
            double[] expected = logits(model);
            KvCache cache = new KvCache(model.config(), scope, 1, TOKENS.length);
            Tape tape = Tape.forwardOnly(backend.kernels(), scope);
            double[] found = new double[0];
            for (int token : TOKENS) {
              Tensor hidden = model.hidden(tape, cache, new int[] {token}).value();
              found = backend.doubles(model.logits(tape, hidden));
              cache.setLength(0, cache.length(0) + 1);
            }
            double[] last =
                Arrays.copyOfRange(expected, expected.length - found.length, expected.length);
            assertClose(found, last, 3e-6 * largest(expected));
          }
        });
  }

  @Test
  void theyAreNamedAndDrawnByPublishedWeight() {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama all = frozen(backend, Precision.F32);
        Llama some = frozen(backend, Precision.F32)) {
      AdapterShape wide = AdapterShape.of(SOME.rank(), 1, List.of(Projection.values()));
      Map<String, double[]> drawn = parts(all, wide);
      Map<String, double[]> fewer = parts(some, SOME);
      assertThat(fewer)
          .containsOnlyKeys(
              "model.layers.0.self_attn.v_proj.lora_A.weight",
              "model.layers.0.self_attn.v_proj.lora_B.weight",
              "model.layers.0.mlp.up_proj.lora_A.weight",
              "model.layers.0.mlp.up_proj.lora_B.weight",
              "model.layers.1.self_attn.v_proj.lora_A.weight",
              "model.layers.1.self_attn.v_proj.lora_B.weight",
              "model.layers.1.mlp.up_proj.lora_A.weight",
              "model.layers.1.mlp.up_proj.lora_B.weight");
      fewer.forEach((name, values) -> assertThat(values).as(name).isEqualTo(drawn.get(name)));
      assertThat(drawn).hasSize(2 * 2 * 7);
      long numbers = drawn.values().stream().mapToLong(values -> values.length).sum();
      assertThat(wide.parameterCount(all.config())).isEqualTo(numbers);
      double[] a = drawn.get("model.layers.1.mlp.down_proj.lora_A.weight");
      assertThat(largest(a)).isBetween(0.8 / Math.sqrt(40), 1 / Math.sqrt(40));
      assertThat(Arrays.stream(a).average().orElseThrow()).isCloseTo(0, offset(0.05));
    }
  }

  private static Map<String, double[]> parts(Llama model, AdapterShape shape) {
    LowRankAdapters adapters = model.adapt(shape, true);
    adapters.initialise(RandomKey.of(9));
    Map<String, double[]> parts = new TreeMap<>();
    for (Parameter parameter : adapters.parameters()) {
      for (Part part : parameter.parts()) {
        Tensor view = parameter.view(part, parameter.value());
        parts.put(part.name(), model.backend().doubles(view));
      }
    }
    return parts;
  }

  @Test
  void checkpointsOfTheModelAreWithoutThem() {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama model = adapted(backend, Precision.F32, ALL)) {
      assertThat(ModelWeights.of(model))
          .extracting(content -> content.spec().name())
          .containsExactlyInAnyOrderElementsOf(
              WeightAxes.of(config()).map(WeightAxes::name).toList());
    }
  }

  /** Of 10,632 weights of matrices, and 2,304 numbers of adapters. */
  @Test
  void aFrozenModelTakesFewerOperations() {
    assertThat(config().matrixParameterCount()).isEqualTo(10_632);
    assertThat(ALL.parameterCount(config())).isEqualTo(2_304);
    assertThat(ALL.addedFlopsPerToken(config())).isEqualTo(6 * 2_304 - 2 * 10_632);
  }

  @Test
  void onlyAFrozenModelGetsThemAndOnce() {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama trainable = Llama.trainable(config(), Precision.F32, backend);
        Llama model = frozen(backend, Precision.F32)) {
      assertThatThrownBy(() -> trainable.adapt(SOME, true))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(model::mergeAdapters).isInstanceOf(IllegalStateException.class);
      model.adapt(SOME, false);
      assertThat(model.parameters()).noneMatch(Parameter::trained);
      assertThatThrownBy(() -> model.adapt(SOME, true)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theirMemoryIsTheModels() {
    try (ScarceBackend backend = new ScarceBackend(1000)) {
      Llama model = Llama.frozen(config(), Precision.BF16_MIXED, backend);
      model.adapt(ALL, true);
      model.close();
      assertThat(backend.pool().heldBytes()).isZero();
    }
  }

  @Test
  void thoseThatCannotBeMadeHoldNothing() {
    int blocks = 2 + 6 * config().layers() + 1;
    try (ScarceBackend backend = new ScarceBackend(blocks + 7);
        Llama model = Llama.frozen(config(), Precision.F32, backend)) {
      long before = backend.pool().heldBytes();
      assertThatThrownBy(() -> model.adapt(ALL, true)).isInstanceOf(BackendException.class);
      assertThat(backend.pool().heldBytes()).isGreaterThan(before);
      backend.pool().trim();
      assertThat(backend.pool().heldBytes()).isEqualTo(before);
      assertThat(model.adapters()).isEmpty();
    }
  }
}
