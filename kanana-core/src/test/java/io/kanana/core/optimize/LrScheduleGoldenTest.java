package io.kanana.core.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.optimize.WarmupStableDecay.Shape;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class LrScheduleGoldenTest {
  @TestFactory
  Stream<DynamicTest> factorsAndLaw() {
    JsonNode cases = Golden.json(Golden.folder("optim").resolve("values.json")).get("cases");
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> check(c))));
  }

  private static void check(JsonNode c) {
    assertThat(c.get("values")).isNotEmpty();
    if (c.get("id").asText().equals("deepseekLaw")) {
      checkLaw(c);
      return;
    }
    LrSchedule schedule = config(c).create(c.get("totalSteps").asLong());
    for (JsonNode value : c.get("values")) {
      long step = value.get(0).asLong();
      assertThat(schedule.factor(step))
          .as("step %s", step)
          .isCloseTo(value.get(1).asDouble(), within(1e-12));
    }
  }

  private static LrSchedule.Config config(JsonNode c) {
    String[] id = c.get("id").asText().split("\\.", 3);
    Span warmup = Span.ofSteps(c.get("warmupSteps").asLong());
    double floor = c.path("floor").asDouble();
    return switch (id[0]) {
      case "cosine" -> new WarmupCosine(warmup, floor);
      case "wsd" ->
          new WarmupStableDecay(
              warmup,
              Span.ofSteps(c.get("decaySteps").asLong()),
              shape(id[1]),
              floor,
              OptionalDouble.empty());
      case "constant", "constantWarmup" -> new WarmupConstant(warmup);
      case "deepseekMultiStep" -> new MultiStep(warmup, List.of(0.8, 0.9), List.of(0.316, 0.1));
      default -> throw new AssertionError("no schedule for case " + c.get("id"));
    };
  }

  private static Shape shape(String name) {
    return switch (name) {
      case "linear" -> Shape.LINEAR;
      case "1-sqrt" -> Shape.SQRT;
      case "cosine" -> Shape.COSINE;
      default -> throw new AssertionError("no shape " + name);
    };
  }

  private static void checkLaw(JsonNode c) {
    JsonNode m = c.get("m");
    assertThat(
            DeepSeekLaw.flopsPerToken(
                m.get("layers").asInt(), m.get("hidden").asInt(), m.get("sequence").asInt()))
        .isEqualTo(m.get("M").asDouble());
    for (JsonNode value : c.get("values")) {
      double compute = value.get(0).asDouble();
      double rate = value.get(1).asDouble();
      double batch = value.get(2).asDouble();
      assertThat(DeepSeekLaw.learningRate(compute)).isCloseTo(rate, within(1e-12 * rate));
      assertThat(DeepSeekLaw.batchTokens(compute)).isCloseTo(batch, within(1e-12 * batch));
    }
  }
}
