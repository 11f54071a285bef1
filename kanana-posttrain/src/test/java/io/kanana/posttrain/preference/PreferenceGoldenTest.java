package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.posttrain.GoldenLosses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** A step of DPO against float64 PyTorch: log-probabilities, losses, and every gradient. */
@Tag("golden")
class PreferenceGoldenTest {
  private final GoldenLosses losses = new GoldenLosses();

  @TestFactory
  Stream<DynamicTest> everyCaseOnEveryBackEnd() {
    return losses.onEveryBackEnd("dpo.", this::check);
  }

  private void check(JsonNode golden, TensorBackend backend) {
    boolean exact = backend.name().equals("reference");
    Path directory = losses.model(golden);
    ModelConfig config = GoldenModels.config(directory);
    PairBatches data = new PairBatches(pairs(golden), 64, Optional.empty());
    try (Llama model = Llama.trainable(config, Precision.F32, backend)) {
      GoldenModels.load(model, directory);
      ReferenceLogs reference =
          new ReferenceLogs(
              doubles(golden.get("referenceChosenLogps")),
              doubles(golden.get("referenceRejectedLogps")));
      ReferenceLogs own = ReferenceLogs.none(data.pairs().size());
      own.compute(model, data, 0, (int) data.epochLength());
      checkLogs(golden, own, exact ? 1e-9 : 1e-3);
      double beta = golden.get("beta").asDouble();
      PreferenceStep step = new PreferenceStep(model, data);
      double loss = step.run(new DpoLosses.Sigmoid(beta, 0), reference);
      assertThat(loss).isCloseTo(golden.get("loss").asDouble(), offset(exact ? 1e-11 : 2e-5));
      String gradients = golden.get("grads").asText();
      assertThat(losses.checkGradients(gradients, model, exact ? 1e-6 : 1e-3))
          .isEqualTo(losses.tensors().names(gradients).size());
      golden
          .get("otherLosses")
          .properties()
          .forEach(
              other ->
                  checkLoss(
                      other.getKey(), other.getValue().asDouble(), beta, step, reference, exact));
    }
  }

  private static void checkLoss(
      String name,
      double expected,
      double beta,
      PreferenceStep step,
      ReferenceLogs reference,
      boolean exact) {
    PreferenceLoss loss =
        switch (name) {
          case "ipo" -> new DpoLosses.Ipo(beta);
          case "hinge" -> new DpoLosses.Hinge(beta);
          case "sigmoid_norm" -> new DpoLosses.SigmoidNorm(beta);
          case "apo_zero" -> new DpoLosses.ApoZero(beta);
          default -> throw new AssertionError(name);
        };
    double tolerance = exact ? 1e-11 : 2e-5;
    assertThat(step.run(loss, reference))
        .as(name)
        .isCloseTo(expected, offset(tolerance * Math.max(1, Math.abs(expected))));
  }

  private static List<PairTokens> pairs(JsonNode golden) {
    List<PairTokens> pairs = new ArrayList<>();
    for (JsonNode pair : golden.get("pairs")) {
      int[] prompt = Golden.ints(pair.get("prompt"));
      pairs.add(
          new PairTokens(
              answer(prompt, Golden.ints(pair.get("chosen"))),
              answer(prompt, Golden.ints(pair.get("rejected")))));
    }
    return pairs;
  }

  private static AnswerTokens answer(int[] prompt, int[] answer) {
    int[] ids = IntStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).toArray();
    return new AnswerTokens(ids, prompt.length);
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static void checkLogs(JsonNode golden, ReferenceLogs found, double tolerance) {
    assertThat(found.chosen())
        .containsExactly(doubles(golden.get("policyChosenLogps")), offset(tolerance));
    assertThat(found.rejected())
        .containsExactly(doubles(golden.get("policyRejectedLogps")), offset(tolerance));
  }
}
