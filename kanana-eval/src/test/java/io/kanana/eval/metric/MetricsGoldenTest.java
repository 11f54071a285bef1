package io.kanana.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.golden.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Figures of lm-evaluation-harness' own functions. */
@Tag("golden")
class MetricsGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode golden;

  @BeforeAll
  static void read() {
    golden = Golden.json(Golden.folder("eval").resolve("metrics.json"));
  }

  private static Stream<JsonNode> each(JsonNode list) {
    assertThat(list).isNotEmpty();
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static <T> List<T> list(JsonNode node) {
    return JSON.convertValue(node, JSON.getTypeFactory().constructType(List.class));
  }

  @Test
  void choicesAreScoredByEveryMetric() {
    each(golden.at("/multiple_choice/cases")).forEach(MetricsGoldenTest::checkChoices);
  }

  private static void checkChoices(JsonNode golden) {
    ChoiceScores scores =
        new ChoiceScores(
            list(golden.get("choices")),
            list(golden.get("lls")),
            list(golden.get("is_greedy")),
            list(golden.get("unconditional_lls")),
            List.of(golden.get("gold").asInt()));
    Set<String> names = new TreeSet<>();
    golden.get("metrics").fieldNames().forEachRemaining(names::add);
    names.remove("likelihood"); // passes log-likelihoods through and scores nothing
    Map<String, Score> found = scores.of(names);
    for (String name : names) {
      checkScore(name, golden.get("metrics").get(name), found.get(name));
    }
  }

  private static void checkScore(String name, JsonNode golden, Score found) {
    switch (found) {
      case Score.Value value -> assertThat(value.value()).as(name).isEqualTo(golden.asDouble());
      case Score.Classes classes -> {
        assertThat(classes.gold()).isEqualTo(golden.get(0).asInt());
        assertThat(classes.predicted()).isEqualTo(golden.get(1).asInt());
      }
      case Score.Distribution distribution ->
          checkDoubles(golden.get(1), distribution.probabilities(), 1e-12);
      default -> throw new AssertionError(found);
    }
  }

  private static void checkDoubles(JsonNode golden, List<Double> found, double within) {
    assertThat(found).hasSize(golden.size());
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isCloseTo(golden.get(i).asDouble(), within(within));
    }
  }

  @Test
  void answersMatchExactlyAfterWhatIsIgnored() {
    each(golden.get("exact_match")).forEach(MetricsGoldenTest::checkExactMatch);
  }

  private static void checkExactMatch(JsonNode golden) {
    JsonNode options = golden.get("options");
    GenerationMetric metric =
        new ExactMatch.Config(
                options.has("regexes_to_ignore")
                    ? list(options.get("regexes_to_ignore"))
                    : List.of(),
                options.path("ignore_case").asBoolean(),
                options.path("ignore_punctuation").asBoolean(),
                options.path("ignore_numbers").asBoolean())
            .create(new MetricContext(false));
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < golden.get("predictions").size(); i++) {
      scores.add(
          metric
              .score(
                  new GenerationMetric.Answer(
                      document,
                      List.of(golden.get("references").get(i).asText()),
                      TextNode.valueOf(golden.get("predictions").get(i).asText())))
              .get("exact_match"));
    }
    assertThat(metric.aggregation("exact_match").of(scores))
        .as(golden.toString())
        .isEqualTo(golden.get("exact_match").asDouble());
  }

  private static List<Score> classes(JsonNode items) {
    return each(items)
        .<Score>map(item -> new Score.Classes(item.get(0).asInt(), item.get(1).asInt()))
        .toList();
  }

  @Test
  void classesAreAggregated() {
    each(golden.get("classification"))
        .forEach(
            each -> {
              List<Score> scores = classes(each.get("items"));
              check(each, "f1", Aggregations.F1, scores);
              check(each, "macro_f1", Aggregations.MACRO_F1, scores);
              check(each, "mcc", Aggregations.MATTHEWS, scores);
            });
  }

  private static void check(
      JsonNode golden, String key, Aggregation aggregation, List<Score> scores) {
    if (golden.has(key)) {
      assertThat(aggregation.of(scores))
          .as(key + " of " + golden)
          .isCloseTo(golden.get(key).asDouble(), within(1e-9));
    }
  }

  @Test
  void perplexities() {
    each(golden.get("perplexity"))
        .forEach(
            each -> {
              List<Score> scores =
                  each(each.get("items"))
                      .<Score>map(i -> new Score.Amount(i.get(0).asDouble(), i.get(1).asDouble()))
                      .toList();
              check(each, "weighted_perplexity", Aggregations.WEIGHTED_PERPLEXITY, scores);
              check(each, "bits_per_byte", Aggregations.BITS_PER_BYTE, scores);
            });
  }

  @Test
  void brierScores() {
    each(golden.get("brier"))
        .forEach(
            each -> {
              List<Score> scores = new ArrayList<>();
              for (int i = 0; i < each.get("gold").size(); i++) {
                scores.add(
                    new Score.Distribution(
                        each.get("gold").get(i).asInt(), list(each.get("probabilities").get(i))));
              }
              check(each, "brier", Aggregations.BRIER_SCORE, scores);
            });
  }

  @Test
  void softmax() {
    each(golden.get("softmax"))
        .forEach(
            each -> checkDoubles(each.get("y"), ChoiceScores.softmax(list(each.get("x"))), 1e-12));
  }

  private static List<Score> values(JsonNode golden) {
    if (golden.has("values")) {
      return each(golden.get("values")).<Score>map(v -> new Score.Value(v.asDouble())).toList();
    }
    List<Score> values = new ArrayList<>();
    for (int i = 0; i < golden.get("n").asInt(); i++) {
      values.add(new Score.Value(i < golden.get("ones").asInt() ? 1 : 0));
    }
    return values;
  }

  @Test
  void analyticErrors() {
    each(golden.at("/stderr/analytic"))
        .forEach(
            each -> {
              List<Score> values = values(each);
              check(each, "mean", Aggregations.MEAN, values);
              check(each, "median", Aggregations.MEDIAN, values);
              assertThat(StandardError.of(Aggregations.MEAN, values, 1).orElseThrow())
                  .isCloseTo(each.get("stderr").asDouble(), within(1e-12));
            });
  }

  @Test
  void bootstrapErrorsAreThoseOfTheSameDraws() {
    JsonNode bootstrap = golden.at("/stderr/bootstrap");
    List<Score> classes = classes(bootstrap.get("f1_items"));
    checkErrors(bootstrap.get("f1"), Aggregations.F1, classes);
    checkErrors(bootstrap.get("mcc"), Aggregations.MATTHEWS, classes);
    List<Score> values =
        each(bootstrap.get("mean_values")).<Score>map(v -> new Score.Value(v.asDouble())).toList();
    checkErrors(bootstrap.get("median"), Aggregations.MEDIAN, values);
  }

  private static void checkErrors(JsonNode golden, Aggregation aggregation, List<Score> scores) {
    each(golden)
        .forEach(
            each ->
                assertThat(
                        StandardError.of(aggregation, scores, each.get("iters").asInt())
                            .orElseThrow())
                    .isCloseTo(each.get("stderr").asDouble(), within(1e-9)));
  }

  @Test
  void errorsOfGroups() {
    each(golden.get("groups"))
        .forEach(
            each -> {
              double[] errors = each(each.get("stderrs")).mapToDouble(JsonNode::asDouble).toArray();
              int[] sizes = Golden.ints(each.get("sizes"));
              assertThat(StandardError.pooled(errors, sizes))
                  .isCloseTo(each.get("pooled_stderr").asDouble(), within(1e-12));
              assertThat(StandardError.ofPlainMean(errors))
                  .isCloseTo(each.get("unweighted_stderr").asDouble(), within(1e-12));
            });
  }

  @Test
  void drawsAreThoseOfPython() {
    JsonNode sampling = golden.get("few_shot_sampling");
    PythonRandom random = new PythonRandom(1234);
    each(sampling.get("first_outputs_u32_seed_1234"))
        .forEach(
            each -> assertThat(Integer.toUnsignedLong(random.bits32())).isEqualTo(each.asLong()));
    PythonRandom uniform = new PythonRandom(1234);
    each(sampling.get("first_random_seed_1234"))
        .forEach(each -> assertThat(uniform.uniform()).isEqualTo(each.asDouble()));
    PythonRandom choices = new PythonRandom(1234);
    each(sampling.get("choices_seed_1234_of_10"))
        .forEach(each -> assertThat(choices.choices(10, each.size())).isEqualTo(Golden.ints(each)));
    each(sampling.get("cases")).forEach(MetricsGoldenTest::checkSample);
  }

  private static void checkSample(JsonNode golden) {
    PythonRandom random = new PythonRandom(golden.get("seed").asLong());
    each(golden.get("draws"))
        .forEach(
            draw ->
                assertThat(random.sample(golden.get("N").asInt(), golden.get("k").asInt()))
                    .as(golden.toString())
                    .isEqualTo(list(draw)));
  }
}
