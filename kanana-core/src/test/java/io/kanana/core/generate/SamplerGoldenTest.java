package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class SamplerGoldenTest {
  /** The logits are stored as F64 and rounded to F32 here. */
  private static final double TOLERANCE = 1e-6;

  @TestFactory
  Stream<DynamicTest> probabilities() {
    Path folder = Golden.folder("sampling");
    JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");
    GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .filter(c -> c.has("probabilities"))
            .map(
                c ->
                    DynamicTest.dynamicTest(
                        c.get("id").asText(), () -> check(c, inputs(cases, c), tensors))));
  }

  private static JsonNode inputs(JsonNode cases, JsonNode c) {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(other -> other.get("id").equals(c.get("inputs")))
        .findFirst()
        .orElseThrow();
  }

  private static void check(JsonNode c, JsonNode inputs, GoldenTensors tensors) {
    Sampler sampler = new Sampler(options(c));
    int vocabulary = inputs.get("vocabulary").asInt();
    double[] logits = tensors.doubles(inputs.get("logits").asText());
    double[] expected = tensors.doubles(c.get("probabilities").asText());
    for (int row = 0; row < inputs.get("rows").asInt(); row++) {
      float[] rowLogits = new float[vocabulary];
      for (int i = 0; i < vocabulary; i++) {
        rowLogits[i] = (float) logits[row * vocabulary + i];
      }
      Candidates found =
          sampler.candidates(rowLogits, Golden.ints(inputs.get("historyIds").get(row)));
      assertThat(Arrays.stream(found.tokens()).sorted().toArray())
          .as("row %s", row)
          .isEqualTo(kept(c.get("kept").get(row), vocabulary));
      assertThat(dense(found, vocabulary))
          .as("row %s", row)
          .containsExactly(
              Arrays.copyOfRange(expected, row * vocabulary, (row + 1) * vocabulary),
              within(TOLERANCE));
    }
  }

  private static int[] kept(JsonNode kept, int vocabulary) {
    return kept.isArray() ? Golden.ints(kept) : IntStream.range(0, vocabulary).toArray();
  }

  private static double[] dense(Candidates candidates, int vocabulary) {
    double[] dense = new double[vocabulary];
    for (int i = 0; i < candidates.tokens().length; i++) {
      dense[candidates.tokens()[i]] = candidates.probabilities()[i];
    }
    return dense;
  }

  /** Several processors state their settings, one states its number, in the formula in words. */
  private static SamplingOptions options(JsonNode c) {
    String formula = c.get("formula").asText();
    int settings = formula.indexOf("settings {");
    if (settings >= 0) {
      String text = formula.substring(settings);
      return new SamplingOptions(
          number(text, "'temperature': ([0-9.]+)", 1),
          (int) number(text, "'top_k': ([0-9]+)", 0),
          number(text, "'top_p': ([0-9.]+)", 1),
          number(text, "'min_p': ([0-9.]+)", 0),
          number(text, "'repetition_penalty': ([0-9.]+)", 1));
    }
    return switch (c.get("order").get(0).asText()) {
      case "temperature" -> new SamplingOptions(number(formula, "/ ([0-9.]+)", -1), 0, 1, 0, 1);
      case "topK" -> new SamplingOptions(1, (int) number(formula, "the ([0-9]+)th", -1), 1, 0, 1);
      case "topP" -> new SamplingOptions(1, 0, number(formula, ">= ([0-9.]+)", -1), 0, 1);
      case "minP" -> new SamplingOptions(1, 0, 1, number(formula, "< ([0-9.]+)", -1), 1);
      case "repetitionPenalty" ->
          new SamplingOptions(1, 0, 1, 0, number(formula, "/ ([0-9.]+)", -1));
      default -> throw new AssertionError("no option for " + c.get("order"));
    };
  }

  private static double number(String text, String pattern, double otherwise) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : otherwise;
  }
}
