package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Tape;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.posttrain.GoldenLosses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
      return backend.equals("reference") ? new Tolerance(1e-11, 1e-6) : new Tolerance(1e-5, 3e-5);
    }
  }

  @TempDir Path directory;

  private final GoldenLosses losses = new GoldenLosses();

  @TestFactory
  Stream<DynamicTest> lossAndGradients() {
    return losses.onEveryBackEnd("sft.", this::check);
  }

  private void check(JsonNode golden, TensorBackend backend) throws IOException {
    List<int[]> ids = rows(golden.get("sequences"));
    check(golden, backend, ids.stream().mapToInt(row -> row.length).max().orElseThrow());
    check(golden, backend, ids.stream().mapToInt(row -> row.length).sum());
  }

  private static List<int[]> rows(JsonNode arrays) {
    List<int[]> rows = new ArrayList<>();
    arrays.forEach(array -> rows.add(Golden.ints(array)));
    return rows;
  }

  private void check(JsonNode golden, TensorBackend backend, int time) throws IOException {
    Path model = losses.model(golden);
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
      String gradients = golden.get("grads").asText();
      assertThat(losses.checkGradients(gradients, model, tolerance.gradient))
          .isEqualTo(losses.tensors().names(gradients).size());
    }
  }
}
