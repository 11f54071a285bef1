package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.report.Plots;
import io.kanana.core.train.ParentModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneJobTest {
  private static final List<String> RESULTS =
      List.of("importance/importance.safetensors", "plan.yaml", "model/model.safetensors");

  @TempDir Path directory;

  private SmallPrune small;

  @BeforeEach
  void place() throws IOException {
    small = SmallPrune.in(directory);
  }

  private static ModelConfig shape(SmallPrune run) {
    return HuggingFaceConfig.read(run.file("model/config.json")).model();
  }

  @Test
  void everyStepIsKeptAndTheModelNamesItsParent() throws IOException {
    List<String> told = small.run();
    assertThat(told)
        .anyMatch(line -> line.startsWith("parent: 2 layers"))
        .anyMatch(line -> line.startsWith("importance of channels, heads, kv-heads, neurons in "))
        .anyMatch(line -> line.startsWith("plan: 2 layers, hidden size 24, 2 heads"))
        .anyMatch(line -> line.startsWith("saved "))
        .anyMatch(line -> line.matches("child: .* 15,000 parameters, held-out loss .*"));
    assertThat(shape(small).hiddenSize()).isEqualTo(24);
    try (ParentModel parent = ParentModel.open(directory.resolve("parent"))) {
      for (String artefact : List.of("importance", "model")) {
        assertThat(Artefact.open(small.file(artefact)).manifest().parents()).contains(parent.id());
      }
    }
    assertThat(small.file("work")).doesNotExist();
    JsonNode report = new ObjectMapper().readTree(small.file("report.json").toFile());
    assertThat(report.at("/parent/parameters").asLong()).isEqualTo(25_120);
    assertThat(report.at("/child/parameters").asLong()).isEqualTo(15_000);
    assertThat(report.at("/child/heldOutLoss").asDouble()).isPositive();
    assertThat(new PruneJob().measurements(small.file("")))
        .containsOnlyKeys("held-out.loss", "held-out.bits-per-byte")
        .containsEntry("held-out.loss", report.at("/child/heldOutLoss").asDouble());
  }

  @Test
  void theLedgerHasTheParentsComputeAndThatOfTheEstimate() throws IOException {
    StageCompute training = new StageCompute("a", "pretrain", 1_000, 25_120, 1e9, 3);
    Provenance before =
        new Provenance(
            "pretrain",
            Instant.EPOCH,
            "",
            List.of(),
            List.of(training),
            List.of(),
            new TreeMap<>());
    Files.write(directory.resolve("parent").resolve(Provenance.FILE), before.toJson());
    small.run();
    Provenance after = Provenance.read(small.file("model/provenance.json"));
    double forward = 12 * 24 * 158_976.0 / 3;
    assertThat(after.totalFlops()).isEqualTo(1e9 + forward);
    assertThat(after.totalTokens()).isEqualTo(1_000);
    assertThat(after.totalSixNdFlops()).isEqualTo(6.0 * 25_120 * 1_000);
    assertThat(after.allStages())
        .extracting(StageCompute::stage)
        .containsExactly("pretrain", "importance", "prune");
  }

  @Test
  void aPlanIsEditedAndUsedAgain() throws IOException {
    small.run();
    Path plan = small.file("plan.yaml");
    String text = Files.readString(plan);
    String edited = text.replaceFirst("channels: .*", "channels: 0-15");
    Files.writeString(plan, edited);
    assertThat(small.run())
        .anyMatch(line -> line.startsWith("plan as it is: 2 layers, hidden size 16"))
        .anyMatch(line -> line.startsWith("saved "));
    assertThat(shape(small).hiddenSize()).isEqualTo(16);
    assertThat(small.run()).noneMatch(line -> line.startsWith("saved "));
    Path elsewhere = directory.resolve("again");
    small.run("output=" + elsewhere, "importance=[]", "strategy={type: plan, file: " + plan + "}");
    assertThat(elsewhere.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(small.file("model/model.safetensors"));
  }

  @Test
  void aPlanOfAnotherStrategyIsNotTakenForTheOneThatWasAskedFor() throws IOException {
    small.run();
    assertThatThrownBy(() -> small.run("strategy.ffn-size=40"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plan.yaml was decided by another one")
        .hasMessageEndingWith("remove it to decide again, or give another output");
    Files.delete(small.file("plan.yaml"));
    small.run("strategy.ffn-size=40");
    assertThat(shape(small).ffnSize()).isEqualTo(40);
  }

  /** A budget of which several shapes fit: the one that loses least is taken. */
  @Test
  void aBudgetIsSearched() throws IOException {
    small.run(
        "strategy={type: budget, budget: {parameters: 18000}, at-least: 0.7,"
            + " sizes: {hidden-size: [16, 24, 28], ffn-size: [24, 48]}}",
        "importance=[{type: activations}, {type: block-influence}]");
    JsonNode decision = new ObjectMapper().readTree(small.file("decision.json").toFile());
    JsonNode best = null;
    for (JsonNode candidate : decision.get("candidates")) {
      assertThat(candidate.get("parameters").asLong()).isBetween(12_600L, 18_000L);
      if (best == null || candidate.get("score").asDouble() < best.get("score").asDouble()) {
        best = candidate;
      }
    }
    assertThat(decision.get("candidates").size()).isGreaterThan(1);
    assertThat(shape(small).parameterCount()).isEqualTo(best.get("parameters").asLong());
    assertThat(shape(small).hiddenSize()).isEqualTo(best.get("hiddenSize").asInt());
    List<String> report = Files.readAllLines(small.file("decision.md"));
    assertThat(report.get(2)).startsWith("| layers | hidden | heads |");
    assertThat(report.get(4))
        .contains(String.format(Locale.ROOT, "| %,d |", shape(small).parameterCount()));
    assertThat(Files.exists(small.file("decision.png"))).isEqualTo(Plots.canDraw());
  }

  private static String[] trialOf(String trial) {
    return new String[] {
      "strategy={type: budget, budget: {parameters: 20000}, at-least: 0.5,"
          + " sizes: {hidden-size: [24], ffn-size: [24, 32]}, trial: "
          + trial
          + "}"
    };
  }

  private static final String DISTILLED =
      "{type: distillation, until: {steps: 6}, sequences-per-step: 2, micro-batch: 1,"
          + " optimizer: {type: adamw, learning-rate: 1.0e-2}}";

  @Test
  void candidatesAreBetterAfterTheyHaveLearnedFromTheParent() throws IOException {
    small.run(trialOf("{type: loss}"));
    SmallPrune learned = new SmallPrune(directory.resolve("learned"));
    Files.createDirectories(learned.directory());
    learned.run(withParent(trialOf(DISTILLED)));
    List<Double> before = scores(small);
    List<Double> after = scores(learned);
    assertThat(after).hasSize(2).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i)).isLessThan(before.get(i));
    }
    double training = 0;
    for (int ffn : new int[] {24, 32}) {
      ModelConfig child = shape(small).resized(2, 24, 4, 2, ffn, shape(small).tiedEmbeddings());
      training += 6 * 2 * 24 * (child.trainingFlopsPerToken(24) + parentFlops() / 3);
    }
    assertThat(flops(learned) - flops(small)).isCloseTo(training, offset(1.0));
  }

  private double parentFlops() {
    Path config = directory.resolve("parent/config.json");
    return HuggingFaceConfig.read(config).model().trainingFlopsPerToken(24);
  }

  private static List<Double> scores(SmallPrune prune) throws IOException {
    JsonNode decision = new ObjectMapper().readTree(prune.file("decision.json").toFile());
    List<Double> scores = new ArrayList<>();
    decision.get("candidates").forEach(candidate -> scores.add(candidate.get("score").asDouble()));
    return scores;
  }

  private static double flops(SmallPrune prune) {
    return Provenance.read(prune.file("model/provenance.json")).totalFlops();
  }

  /** Stopped while the second candidate learns: the first is not tried again. */
  @Test
  void aTrialGoesOnAtTheCandidateWhereItWasStopped() throws IOException {
    small.run(trialOf(DISTILLED));
    SmallPrune stopped = new SmallPrune(directory.resolve("stopped"));
    Files.createDirectories(stopped.directory());
    Cancellation cancellation = new Cancellation();
    List<String> steps = new ArrayList<>();
    stopped.run(
        status -> {
          if (status.contains(": step ") && steps.add(status) && steps.size() == 9) {
            cancellation.request();
          }
        },
        cancellation,
        withParent(trialOf(DISTILLED)));
    assertThat(stopped.file("plan.yaml")).doesNotExist();
    steps.clear();
    stopped.run(
        status -> {
          if (status.contains(": step ")) {
            steps.add(status);
          }
        },
        new Cancellation(),
        withParent(trialOf(DISTILLED)));
    assertThat(steps).hasSize(6);
    assertThat(flops(stopped)).isEqualTo(flops(small));
    for (String result : List.of("plan.yaml", "model/model.safetensors")) {
      assertThat(stopped.file(result)).hasSameBinaryContentAs(small.file(result));
    }
    assertThat(scores(stopped)).isEqualTo(scores(small));
  }

  @Test
  void aTrialLeavesTheCalibrationTextAlone() throws IOException {
    assertThatThrownBy(() -> small.run(trialOf(DISTILLED.replace("steps: 6", "epochs: 2"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(
            "strategy.trial.until: must end within the [0-9,]+ windows that are left behind the 12 .*");
    small.run(trialOf(DISTILLED.replace("steps: 6", "epochs: 0.02")));
    assertThat(scores(small)).hasSize(2);
  }

  /** With every estimator that looks at text, and a strategy that does. */
  @Test
  void stoppedAtEveryStepItEndsWithTheSameBytes() throws IOException {
    String[] settings = {
      "importance=[{type: activations, axes: [heads, kv-heads]},"
          + " {type: taylor, axes: [neurons, channels]}, {type: layer-removal}]",
      "strategy={type: budget, budget: {parameters: 18000}, at-least: 0.5,"
          + " sizes: {layers: [1, 2], hidden-size: [16, 24]}}",
      "calibration.save-every=1"
    };
    small.run(settings);
    SmallPrune stopped = new SmallPrune(directory.resolve("stopped"));
    Files.createDirectories(stopped.directory());
    int stops = 0;
    while (!Files.exists(stopped.file("report.json"))) {
      assertThat(stops++).isLessThan(100);
      Cancellation cancellation = new Cancellation();
      int[] statuses = new int[1];
      stopped.run(
          status -> {
            if (++statuses[0] > 1) {
              cancellation.request();
            }
          },
          cancellation,
          withParent(settings));
    }
    assertThat(stops).as("runs that it took").isGreaterThan(5);
    for (String result : RESULTS) {
      assertThat(stopped.file(result)).hasSameBinaryContentAs(small.file(result));
    }
  }

  private String[] withParent(String... settings) {
    String[] more = Arrays.copyOf(settings, settings.length + 1);
    more[settings.length] = "model=" + directory.resolve("parent");
    return more;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "strategy.heads=3@strategy.kv-heads: must divide heads (3), got 2",
        "strategy.hidden-size=64@strategy.hidden-size: must be at most the parent's 32, got 64",
        "strategy.layers=1@importance: must have an estimator of layers, of which the strategy"
            + " keeps the best; kanana list shows estimators",
        "importance=[{type: activations}, {type: random, axes: [heads]}]"
            + "@importance[1]: must not score heads, which importance[0] does; name other axes in"
            + " one of them",
        "importance=[{type: activations, channels: {sequence: mean, batch: l2, layers: none}}]"
            + "@importance[0].channels.layers: must not be none, since all layers share the channels",
        "strategy={type: budget, budget: {parameters: 20000}, sizes: {hidden-size: [24]},"
            + " trial: {type: distillation,"
            + " until: {steps: 5}, schedule: {type: warmup-cosine, warmup: {steps: 9}}}}"
            + "@strategy.trial.schedule.warmup: 9 steps is longer than the run of 5 steps; shorten it or"
            + " give a share",
        "data.context-length=97@data.context-length: must be at most the model's 96, got 97",
        "data.tokens=nowhere@data.tokens: must not stand beside documents; give one of them",
        "data.documents=[]@data: must name documents or tokens, since the model is to be observed"
            + " on text",
      })
  void refusesWhatCannotBeDone(String assignment, String message) {
    assertThatThrownBy(() -> small.run(assignment))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
    assertThat(small.file("importance")).doesNotExist();
  }

  /** As after an edit of the plan, or a kill right behind it. */
  @Test
  void aPlanThatIsThereKeepsWhatDecidingCost() throws IOException {
    small.run(trialOf(DISTILLED));
    double before = flops(small);
    try (Stream<Path> files = Files.walk(small.file("model"))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    assertThat(small.run(trialOf(DISTILLED))).anyMatch(line -> line.startsWith("plan as it is: "));
    assertThat(flops(small)).isEqualTo(before);
  }

  @Test
  void aSearchNeedsText() {
    assertThatThrownBy(
            () ->
                small.run(
                    "data.documents=[]",
                    "importance=[{type: weight-magnitude}]",
                    trialOf("{type: loss}")[0]))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data: must name documents or tokens, since the strategy tries plans on text");
    assertThat(small.file("importance")).doesNotExist();
  }

  @Test
  void withoutTextOnlyTheWeightsAreLookedAt() throws IOException {
    small.run("data.documents=[]", "importance=[{type: weight-magnitude}]");
    assertThat(shape(small).heads()).isEqualTo(2);
    JsonNode report = new ObjectMapper().readTree(small.file("report.json").toFile());
    assertThat(report.at("/child/parameters").asLong()).isEqualTo(15_000);
    assertThat(report.at("/child").has("heldOutLoss")).isFalse();
    assertThat(new PruneJob().measurements(small.file(""))).isEmpty();
  }

  /** What an estimate found is not taken for that of a model that took the place of the first. */
  @Test
  void anotherModelAtTheSamePathIsNoticed() throws IOException {
    small.run();
    Path weights = directory.resolve("parent/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 2] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> small.run())
        .hasMessageContaining("importance: was estimated for another model than the one in ");
  }
}
