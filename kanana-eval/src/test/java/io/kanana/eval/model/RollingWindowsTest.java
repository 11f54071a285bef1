package io.kanana.eval.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.model.Precision;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RollingWindowsTest {
  @Test
  void everyTokenIsScoredOnceAndFollowsWhatWasRead() {
    for (int length = 0; length < 40; length++) {
      for (int context = 1; context <= 7; context++) {
        int[] tokens = IntStream.range(100, 100 + length).toArray();
        List<RollingWindows.Window> windows = new RollingWindows(1, 7, context).of(tokens);
        int[] scored =
            windows.stream().flatMapToInt(window -> Arrays.stream(window.scored())).toArray();
        assertThat(scored).isEqualTo(tokens);
        for (RollingWindows.Window window : windows) {
          int last = window.context()[window.context().length - 1];
          assertThat(last).isIn(1, window.scored()[0] - 1);
          assertThat(window.context().length + window.scored().length - 1).isLessThanOrEqualTo(7);
        }
      }
    }
  }

  @Test
  @Tag("golden")
  void windowsAreThoseOfTheHarness() {
    JsonNode cases =
        Golden.json(Golden.folder("eval").resolve("metrics.json")).at("/rolling_windows/cases");
    assertThat(cases).isNotEmpty();
    for (JsonNode golden : cases) {
      int from = golden.get("tokens_from").asInt();
      int[] tokens = IntStream.range(from, from + golden.get("n_tokens").asInt()).toArray();
      List<RollingWindows.Window> windows =
          new RollingWindows(
                  golden.get("prefix").asInt(),
                  golden.get("max_seq_len").asInt(),
                  golden.get("context_len").asInt())
              .of(tokens);
      assertThat(windows).hasSameSizeAs(golden.get("windows"));
      for (int i = 0; i < windows.size(); i++) {
        check(golden, i, windows.get(i));
      }
    }
  }

  private static void check(JsonNode golden, int index, RollingWindows.Window window) {
    if (golden.get("disjoint").isNull()) { // [input length, scored length, first of both]
      JsonNode shape = golden.get("windows").get(index);
      int input = window.context().length + window.scored().length - 1;
      assertThat(List.of(input, window.scored().length, window.context()[0], window.scored()[0]))
          .isEqualTo(
              List.of(
                  shape.get(0).asInt(),
                  shape.get(1).asInt(),
                  shape.get(2).asInt(),
                  shape.get(3).asInt()));
      return;
    }
    JsonNode disjoint = golden.get("disjoint").get(index);
    assertThat(window.context()).isEqualTo(Golden.ints(disjoint.get(0)));
    assertThat(window.scored()).isEqualTo(Golden.ints(disjoint.get(1)));
  }

  @Test
  @Tag("golden")
  void everyWindowOfALongTextHasTheLikelihoodOfTheHarness() {
    Path folder = Golden.folder("eval");
    List<JsonNode> cases = new ArrayList<>();
    Golden.json(folder.resolve("rolling.json")).get("cases").forEach(cases::add);
    assertThat(cases).isNotEmpty();
    for (JsonNode golden : cases) {
      LocalModel.Config config =
          new LocalModel.Config(
              folder.resolve("tiny-model"),
              "cpu",
              OptionalInt.empty(),
              Precision.F32,
              OptionalInt.of(golden.get("max_length").asInt()),
              4096,
              golden.get("context_len").asInt(),
              true,
              true);
      Request.RollingLogLikelihood request =
          new Request.RollingLogLikelihood(golden.get("text").asText());
      List<Response> responses = new ArrayList<>();
      try (EvaluationModel model = config.open(Clock.systemUTC())) {
        model.answer(List.of(request), (_, response) -> responses.add(response), () -> false);
      }
      Response.RollingLogLikelihood found = (Response.RollingLogLikelihood) responses.getFirst();
      double expected = golden.get("ll").asDouble();
      assertThat(found.sum()).isCloseTo(expected, within(Math.abs(expected) * 1e-5));
      assertThat(found.tokens()).isEqualTo(golden.get("n_tokens").asInt());
      assertThat(found.windows()).isEqualTo(golden.get("windows").size());
    }
  }
}
