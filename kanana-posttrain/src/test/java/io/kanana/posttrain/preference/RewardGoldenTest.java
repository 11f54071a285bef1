package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.GoldenModels;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.posttrain.GoldenLosses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** A step of a reward model against float64 PyTorch: rewards, loss, and every gradient. */
@Tag("golden")
class RewardGoldenTest {
  private final GoldenLosses losses = new GoldenLosses();

  @TestFactory
  Stream<DynamicTest> everyCaseOnEveryBackEnd() {
    return losses.onEveryBackEnd("reward.", this::check);
  }

  /** The cases state 1e-11 and 1e-5; their gradients are stored in F32. */
  private void check(JsonNode golden, TensorBackend backend) {
    boolean exact = backend.name().equals("reference");
    double tolerance = exact ? 1e-11 : 1e-5;
    Path directory = losses.model(golden);
    try (Llama model =
        Llama.scoring(GoldenModels.config(directory), Precision.F32, backend, true)) {
      load(model, directory, golden.get("headWeight").asText());
      List<PairTokens> pairs = pairs(golden);
      double[] expected = rewards(golden.get("chosenRewards"), golden.get("rejectedRewards"));
      assertThat(scores(model, pairs)).containsExactly(expected, offset(10 * tolerance));
      PairBatches data = new PairBatches(pairs, 64, Optional.empty());
      double centre = golden.path("centreCoefficient").asDouble(0);
      RewardStep.Result found = new RewardStep(model, data).run(centre, 100);
      assertThat(found.loss())
          .isCloseTo(golden.get("loss").asDouble(), offset(tolerance * Math.max(1, found.loss())));
      assertThat(found.mean("reward-accuracy"))
          .isCloseTo(golden.get("accuracy").asDouble(), offset(1e-12));
      checkGradients(golden.get("grads").asText(), model, exact ? 1e-6 : 3e-5);
    }
  }

  private void load(Llama model, Path directory, String head) {
    assertThat(Files.isDirectory(directory)).isTrue();
    GoldenTensors body = new GoldenTensors(directory.resolve("model.safetensors"));
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        double[] values =
            parameter == model.scoreHead()
                ? losses.tensors().doubles(head)
                : body.doubles(part.name());
        model.backend().write(values, parameter.view(part, parameter.value()));
      }
    }
    model.refreshCopies();
  }

  private static List<PairTokens> pairs(JsonNode golden) {
    List<PairTokens> pairs = new ArrayList<>();
    for (int i = 0; i < golden.get("chosen").size(); i++) {
      pairs.add(
          new PairTokens(
              new AnswerTokens(Golden.ints(golden.get("chosen").get(i)), 1),
              new AnswerTokens(Golden.ints(golden.get("rejected").get(i)), 1),
              golden.path("margin").path(i).asDouble(0)));
    }
    return pairs;
  }

  private static double[] rewards(JsonNode... arrays) {
    return Arrays.stream(arrays)
        .flatMap(array -> StreamSupport.stream(array.spliterator(), false))
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static double[] scores(Llama model, List<PairTokens> pairs) {
    List<AnswerTokens> answers =
        Stream.concat(
                pairs.stream().map(PairTokens::chosen), pairs.stream().map(PairTokens::rejected))
            .toList();
    return new RewardScores(model, 2).of(answers);
  }

  /** Of all weights, or of those that are stored: the head's and those behind all of the loss. */
  private void checkGradients(String prefix, Llama model, double tolerance) {
    assertThat(losses.tensors().has(prefix + "score.weight")).isTrue();
    assertThat(losses.checkGradients(prefix, model, tolerance))
        .isGreaterThanOrEqualTo(prefix.startsWith("reward.plain/") ? 21 : 3);
  }
}
