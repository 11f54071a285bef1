package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.posttrain.preference.PreferenceLoss.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every preference loss against TRL's or the published formula, in double precision. */
@Tag("golden")
class PreferenceLossGoldenTest {
  private static final double TOLERANCE = 1e-10;
  private static final Pattern NUMBER = Pattern.compile("\\.([a-z]+)([0-9]+(\\.[0-9]+)?)");

  private final JsonNode cases =
      Golden.json(Golden.folder("losses").resolve("values.json")).get("cases");

  @TestFactory
  Stream<DynamicTest> everyCase() {
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .filter(golden -> golden.get("id").asText().startsWith("pref."))
            .filter(golden -> golden.has("loss") || golden.has("margin"))
            .map(
                golden -> DynamicTest.dynamicTest(golden.get("id").asText(), () -> check(golden))));
  }

  private void check(JsonNode golden) {
    String id = golden.get("id").asText();
    if (id.startsWith("pref.kto")) {
      checkExamples(golden);
    } else if (id.startsWith("pref.rewards")) {
      checkRewards(golden);
    } else {
      checkPairs(loss(id), golden);
    }
  }

  /** {@code pref.robust.beta0.3.smoothing0.1}: a name, then numbers. */
  private static PreferenceLoss loss(String id) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Matcher matcher = NUMBER.matcher(id);
    while (matcher.find()) {
      numbers.put(matcher.group(1), Double.valueOf(matcher.group(2)));
    }
    double beta = numbers.getOrDefault("beta", Double.NaN);
    double smoothing = numbers.getOrDefault("smoothing", 0.0);
    return switch (id.split("\\.", -1)[1]) {
      case "sigmoid" -> new DpoLosses.Sigmoid(beta, 0);
      case "conservative" -> new DpoLosses.Sigmoid(beta, smoothing);
      case "robust" -> new DpoLosses.Robust(beta, smoothing);
      case "ipo" -> new DpoLosses.Ipo(beta);
      case "ipoSummed" -> new DpoLosses.IpoSummed(beta);
      case "hinge" -> new DpoLosses.Hinge(beta);
      case "exoPair" -> new DpoLosses.ExoPair(beta, smoothing);
      case "sigmoidNorm" -> new DpoLosses.SigmoidNorm(beta);
      case "apoZero" -> new DpoLosses.ApoZero(beta);
      case "apoDown" -> new DpoLosses.ApoDown(beta);
      case "ncaPair" -> new DpoLosses.NcaPair(beta);
      case "bcoPair" -> new DpoLosses.BcoPair(beta);
      case "sppoHard" -> new DpoLosses.SppoHard(beta);
      case "sigmoidJsDivergence" -> new DpoLosses.JensenShannon(beta);
      case "mixture" ->
          new LossMixture(
              List.of(
                  new LossMixture.Part(1, new DpoLosses.Sigmoid(beta, 0)),
                  new LossMixture.Part(0.5, new DpoLosses.Hinge(beta))));
      case "simpo" -> new SimPo(beta, numbers.get("gamma"));
      case "orpo" -> new OddsRatio(numbers.get("lambda"));
      default -> throw new AssertionError("no loss for " + id);
    };
  }

  private List<PairLogs> pairs() {
    JsonNode in =
        StreamSupport.stream(cases.spliterator(), false)
            .filter(golden -> golden.get("id").asText().equals("pref.inputs"))
            .findFirst()
            .orElseThrow();
    List<PairLogs> pairs = new ArrayList<>();
    for (int i = 0; i < in.get("policyChosenLogps").size(); i++) {
      pairs.add(
          new PairLogs(
              in.get("policyChosenLogps").get(i).asDouble(),
              in.get("policyRejectedLogps").get(i).asDouble(),
              in.get("referenceChosenLogps").get(i).asDouble(),
              in.get("referenceRejectedLogps").get(i).asDouble(),
              in.get("chosenLengths").get(i).asInt(),
              in.get("rejectedLengths").get(i).asInt()));
    }
    return pairs;
  }

  private void checkPairs(PreferenceLoss loss, JsonNode golden) {
    List<PairLogs> pairs = pairs();
    long chosen = pairs.stream().mapToLong(PairLogs::chosenLength).sum();
    StepTotals step = new StepTotals(pairs.size(), chosen, 0);
    double sum = 0;
    for (int i = 0; i < pairs.size(); i++) {
      Outcome outcome = loss.of(pairs.get(i), step);
      sum += outcome.loss();
      close(outcome.dChosen() / pairs.size(), golden.get("dPolicyChosenLogps").get(i));
      close(outcome.dRejected() / pairs.size(), golden.get("dPolicyRejectedLogps").get(i));
      if (!golden.has("nll")) {
        close(outcome.loss(), golden.get("perPair").get(i));
      }
    }
    close(sum / pairs.size(), golden.get("loss"));
  }

  private void checkRewards(JsonNode golden) {
    PreferenceTerms terms =
        new PreferenceTerms(
            new double[PreferenceTerms.NAMES.size()], new DpoLosses.Sigmoid(0.1, 0));
    List<PairLogs> pairs = pairs();
    pairs.forEach(pair -> terms.add(pair, new Outcome(0, 0, 0), 0));
    double[] sums = terms.sums();
    close(sum(sums, "reward-accuracy") / pairs.size(), golden.get("accuracy"));
    close(sum(sums, "reward-margin") / pairs.size(), golden.get("margin"));
    close(sum(sums, "chosen-reward"), total(golden.get("chosenRewards")));
    close(sum(sums, "rejected-reward"), total(golden.get("rejectedRewards")));
  }

  private static double sum(double[] sums, String name) {
    return sums[PreferenceTerms.NAMES.indexOf(name)];
  }

  private static double total(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToDouble(JsonNode::asDouble).sum();
  }

  private static void checkExamples(JsonNode golden) {
    Kto loss =
        new Kto(
            golden.get("beta").asDouble(),
            golden.get("desirableWeight").asDouble(),
            golden.get("undesirableWeight").asDouble());
    double baseline = Kto.baseline(ratios(golden, "policyKlLogps", "referenceKlLogps"));
    close(baseline, golden.get("klBaseline"));
    double[] ratios = ratios(golden, "policyLogps", "referenceLogps");
    double sum = 0;
    for (int i = 0; i < ratios.length; i++) {
      boolean desirable = golden.get("labels").get(i).asInt() == 1;
      Kto.Example example = loss.example(ratios[i], baseline, desirable);
      close(example.loss(), golden.get("perExample").get(i));
      close(example.derivative() / ratios.length, golden.get("dPolicyLogps").get(i));
      sum += example.loss();
    }
    close(sum / ratios.length, golden.get("loss"));
  }

  private static double[] ratios(JsonNode golden, String policy, String reference) {
    double[] ratios = new double[golden.get(policy).size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = golden.get(policy).get(i).asDouble() - golden.get(reference).get(i).asDouble();
    }
    return ratios;
  }

  private static void close(double found, JsonNode expected) {
    close(found, expected.asDouble());
  }

  private static void close(double found, double expected) {
    assertThat(found).isCloseTo(expected, offset(TOLERANCE * Math.max(1, Math.abs(expected))));
  }
}
