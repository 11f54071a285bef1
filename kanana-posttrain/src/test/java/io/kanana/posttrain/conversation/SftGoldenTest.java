package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sft.*} of the golden values: loss and every gradient over the assistant's tokens alone, a
 * conversation to a row and both packed into one, on every back end that can run here.
 */
@Tag("golden")
class SftGoldenTest {
  /** Of a loss; of a gradient by its tensor's largest value. */
  private record Tolerance(double loss, double gradient) {
    static Tolerance of(String backend) {
      return backend.equals("reference") ? new Tolerance(1e-9, 1e-6) : new Tolerance(1e-5, 3e-5);
    }
  }

  @TempDir Path directory;

  private final Path folder = Golden.folder("losses");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));

  @TestFactory
  Stream<DynamicTest> lossAndGradients() {
    List<JsonNode> cases =
        StreamSupport.stream(
                Golden.json(folder.resolve("values.json")).get("cases").spliterator(), false)
            .filter(golden -> golden.get("id").asText().startsWith("sft."))
            .toList();
    return Golden.cases(
        TensorBackends.providers().stream()
            .filter(provider -> provider.obstacle().isEmpty())
            .flatMap(provider -> cases.stream().flatMap(golden -> tests(provider, golden))));
  }

  private Stream<DynamicTest> tests(TensorBackendProvider provider, JsonNode golden) {
    List<int[]> ids = rows(golden.get("sequences"));
    int longest = ids.stream().mapToInt(row -> row.length).max().orElseThrow();
    int all = ids.stream().mapToInt(row -> row.length).sum();
    return Stream.of(longest, all)
        .map(
            time ->
                DynamicTest.dynamicTest(
                    provider.name() + " " + golden.get("id").asText() + " in rows of " + time,
                    () -> {
                      try (TensorBackend backend = provider.open(2)) {
                        check(golden, backend, time);
                      }
                    }));
  }

  private static List<int[]> rows(JsonNode arrays) {
    List<int[]> rows = new ArrayList<>();
    arrays.forEach(array -> rows.add(Golden.ints(array)));
    return rows;
  }

  private void check(JsonNode golden, TensorBackend backend, int time) throws IOException {
    Path model = folder.resolve(golden.get("model").asText()).normalize();
    ModelConfig config = GoldenModels.config(model);
    Path own = directory.resolve(backend.name() + time);
    try (ConversationShards shards =
        MarkedShards.write(
            own,
            time,
            config.vocabularySize(),
            rows(golden.get("sequences")),
            rows(golden.get("assistantMask")))) {
      assertThat(shards.vocabularySize()).isEqualTo(config.vocabularySize());
      TokenBatch batch = batch(shards, time);
      assertThat(batch.targetCount()).isEqualTo(golden.get("targets").asInt());
      assertThat(batch.textBytes()).isEqualTo(30);
      check(golden, backend, model, batch);
    }
  }

  private static TokenBatch batch(ConversationShards shards, int time) {
    MixturePlan plan =
        new MixturePlan(
            time, Packing.BEST_FIT, 3, Map.of("sft", MixturePlan.Domain.of(shards.sequences(), 1)));
    MixtureBatches packed = new MixtureBatches(plan, Map.of("sft", shards.sequences()));
    ConversationBatches batches = new ConversationBatches(packed, shards.vocabularySize());
    return batches.batch(0, (int) batches.epochLength());
  }

  private void check(JsonNode golden, TensorBackend backend, Path directory, TokenBatch batch) {
    Tolerance tolerance = Tolerance.of(backend.name());
    ModelConfig config = GoldenModels.config(directory);
    try (Llama model = Llama.trainable(config, Precision.F32, backend);
        Scope scope = backend.scope("test")) {
      GoldenModels.load(model, directory);
      model.clearGradients();
      TrainingObjective objective = new NextToken(new NextToken.Config(0));
      Tape tape = Tape.recording(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      objective.accumulate(
          new TrainingObjective.Forward(model, tape, 0, false),
          batch,
          batch.input(backend, scope),
          1.0 / batch.targetCount(),
          sums);
      tape.backward();
      double loss = objective.loss(backend.doubles(sums), batch.targetCount());
      double expected = golden.get("loss").asDouble();
      assertThat(loss).isCloseTo(expected, offset(tolerance.loss * expected));
      checkGradients(golden.get("grads").asText(), model, tolerance.gradient);
    }
  }

  private void checkGradients(String prefix, Llama model, double tolerance) {
    List<String> compared = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        String name = prefix + part.name();
        double[] expected = tensors.doubles(name);
        double[] actual = model.backend().doubles(parameter.view(part, parameter.gradient()));
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).as(name).isCloseTo(expected[i], offset(tolerance * largest + 1e-8));
        }
        compared.add(name);
      }
    }
    assertThat(compared).containsAll(tensors.names(prefix));
  }
}
