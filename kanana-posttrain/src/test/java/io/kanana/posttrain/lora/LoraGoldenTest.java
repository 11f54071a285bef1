package io.kanana.posttrain.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every case that has an adapter, against PEFT in float64, on every back end that can run here. */
@Tag("golden")
class LoraGoldenTest {
  /** What storing a value as F32 may have changed, by its size. */
  private static final double STORED_F32 = 1e-7;

  private final Path folder = Golden.folder("losses");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");

  private Stream<JsonNode> adapted() {
    return StreamSupport.stream(cases.spliterator(), false).filter(c -> c.has("adapter"));
  }

  private HuggingFaceModel base(JsonNode golden) {
    return HuggingFaceModel.open(folder.resolve(golden.get("model").asText()).normalize());
  }

  private PeftAdapter adapter(JsonNode golden, HuggingFaceModel base) {
    return PeftAdapter.open(
        folder.resolve(golden.get("adapter").asText()).normalize(), base.config().model());
  }

  private static double tolerance(TensorBackend backend) {
    return backend.name().equals("reference") ? 1e-9 : 5e-5;
  }

  private Stream<DynamicTest> onEveryBackEnd(Function<TensorBackend, Consumer<JsonNode>> test) {
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(
                provider ->
                    adapted()
                        .map(
                            golden ->
                                DynamicTest.dynamicTest(
                                    provider.name() + " " + golden.get("id").asText(),
                                    () -> {
                                      try (TensorBackend backend = provider.open(2)) {
                                        test.apply(backend).accept(golden);
                                      }
                                    }))));
  }

  /** The case's model with its adapter, which is trained. */
  private void withModel(JsonNode golden, TensorBackend backend, Consumer<Llama> use) {
    try (HuggingFaceModel base = base(golden);
        PeftAdapter adapter = adapter(golden, base);
        Llama model = Llama.frozen(base.config().model(), Precision.F32, backend)) {
      ModelWeights.read(base.tensors(), model);
      adapter.attach(model, true);
      use.accept(model);
    }
  }

  @TestFactory
  Stream<DynamicTest> logitsWithAndWithoutAndMerged() {
    return onEveryBackEnd(
        backend ->
            golden ->
                withModel(
                    golden,
                    backend,
                    model -> {
                      double tolerance = tolerance(backend);
                      assertClose(golden, "logits", logits(model, golden), tolerance);
                      model.adapters().orElseThrow().enable(false);
                      assertClose(golden, "baseLogits", logits(model, golden), tolerance);
                      model.adapters().orElseThrow().enable(true);
                      model.mergeAdapters();
                      assertClose(golden, "mergedLogits", logits(model, golden), tolerance);
                      checkMerged(golden, values(model), tolerance);
                    }));
  }

  private static double[] logits(Llama model, JsonNode golden) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("logits")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor hidden = model.hidden(tape, input(golden, backend, scope), false).value();
      return backend.doubles(model.logits(tape, hidden));
    }
  }

  private static int[] ids(JsonNode golden) {
    return StreamSupport.stream(golden.get("inputIds").spliterator(), false)
        .flatMapToInt(row -> Arrays.stream(Golden.ints(row)))
        .toArray();
  }

  private static TokenInput input(JsonNode golden, TensorBackend backend, Scope scope) {
    int[] ids = ids(golden);
    int batch = golden.get("inputIds").size();
    return TokenInput.whole(backend, scope, batch, ids.length / batch, ids);
  }

  private void assertClose(JsonNode golden, String key, double[] actual, double tolerance) {
    assertClose(golden.get(key).asText(), actual, tolerance);
  }

  private void assertClose(String name, double[] actual, double tolerance) {
    double[] expected = tensors.doubles(name);
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], offset(tolerance));
    }
  }

  private static Map<String, double[]> values(Llama model) {
    return model.weights().stream()
        .flatMap(
            p -> p.parts().stream().map(part -> Map.entry(part.name(), values(model, p, part))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static double[] values(Llama model, Parameter parameter, Part part) {
    return model.backend().doubles(parameter.view(part, parameter.value()));
  }

  /** Stored as F32, so compared by what that rounds. */
  private void checkMerged(JsonNode golden, Map<String, double[]> weights, double tolerance) {
    String prefix = golden.get("mergedWeights").asText();
    assertThat(tensors.names(prefix)).isNotEmpty();
    for (String name : tensors.names(prefix)) {
      double[] merged = weights.get(name.substring(prefix.length()));
      assertClose(name, merged, tolerance + STORED_F32 * largest(tensors.doubles(name)));
    }
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> lossAndGradients() {
    return onEveryBackEnd(
        backend ->
            golden ->
                withModel(
                    golden,
                    backend,
                    model -> {
                      checkLossAndGradients(golden, model, false);
                      checkLossAndGradients(golden, model, true);
                    }));
  }

  private void checkLossAndGradients(JsonNode golden, Llama model, boolean recompute) {
    TensorBackend backend = model.backend();
    int[] targets = targets(golden);
    long count = Arrays.stream(targets).filter(target -> target >= 0).count();
    model.clearGradients();
    try (Scope scope = backend.scope("step")) {
      Tape tape = Tape.recording(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, 2);
      Tensor wanted = scope.allocate(DType.I32, targets.length);
      backend.write(targets, wanted);
      tape.crossEntropy(
          model.hidden(tape, input(golden, backend, scope), recompute),
          model.head(),
          wanted,
          1.0 / count,
          0,
          sums);
      tape.backward();
      assertThat(backend.doubles(sums)[0] / count)
          .isCloseTo(golden.get("loss").asDouble(), offset(tolerance(backend)));
    }
    checkGradients(golden.get("grads").asText(), model);
  }

  /** The next token of each row. */
  private static int[] targets(JsonNode golden) {
    int[] ids = ids(golden);
    int time = ids.length / golden.get("inputIds").size();
    int[] targets = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      targets[i] = i % time == time - 1 ? -1 : ids[i + 1];
    }
    return targets;
  }

  private void checkGradients(String prefix, Llama model) {
    List<String> names = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      if (parameter.trained()) {
        for (Part part : parameter.parts()) {
          names.add(prefix + part.name());
          double size = largest(tensors.doubles(prefix + part.name()));
          double tolerance = Math.max(1e-6, tolerance(model.backend())) * size;
          double[] gradient = model.backend().doubles(parameter.view(part, parameter.gradient()));
          assertClose(prefix + part.name(), gradient, tolerance);
        }
      }
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(tensors.names(prefix));
  }

  /** Without a back end: what the job writes. */
  @TestFactory
  Stream<DynamicTest> weightsMergedOnDisk() {
    return Golden.cases(
        adapted()
            .map(
                golden ->
                    DynamicTest.dynamicTest(
                        golden.get("id").asText(),
                        () -> {
                          try (HuggingFaceModel base = base(golden);
                              PeftAdapter adapter = adapter(golden, base)) {
                            checkMerged(golden, merged(base, adapter), 0);
                          }
                        })));
  }

  private static Map<String, double[]> merged(HuggingFaceModel base, PeftAdapter adapter) {
    return new MergedAdapter(base, adapter)
        .weights(StoredType.F64).stream()
            .collect(Collectors.toMap(weight -> weight.spec().name(), LoraGoldenTest::doubles));
  }

  private static double[] doubles(TensorContent weight) {
    return weight.source() == StoredType.F64
        ? weight.data().get().toArray(ValueLayout.JAVA_DOUBLE)
        : new double[0]; // not adapted
  }
}
