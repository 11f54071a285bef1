package io.kanana.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.optimize.DeepSeekLaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that go on from the model of another run. */
class StagesTest {
  private static final String NO_CHANGE = "optimizer.learning-rate=1e-30";

  @TempDir Path directory;

  private SmallPretrain first;
  private SmallPretrain second;

  @BeforeEach
  void trainTheFirst() throws IOException {
    first = new SmallPretrain(Files.createDirectory(directory.resolve("first")));
    second = new SmallPretrain(Files.createDirectory(directory.resolve("second")));
    first.run();
  }

  private Path parent() {
    return first.output().resolve("model");
  }

  private String start(String optimizerState) {
    return "start={model: " + parent() + ", optimizer-state: " + optimizerState + "}";
  }

  private String tokenizer() {
    return "tokenizer={type: load, path: " + parent() + "}";
  }

  private static byte[] weights(Path model) throws IOException {
    return Files.readAllBytes(model.resolve("model.safetensors"));
  }

  private JsonNode state() throws IOException {
    return new ObjectMapper().readTree(second.output().resolve("model/state.json").toFile());
  }

  private JsonNode firstStep() throws IOException {
    List<String> lines = Files.readAllLines(second.output().resolve("metrics.jsonl"));
    return new ObjectMapper().readTree(lines.getFirst());
  }

  @Test
  void theWeightsAreThoseOfTheParent() throws IOException {
    List<String> lines = second.run(start("reset"), tokenizer(), NO_CHANGE);
    assertThat(weights(second.output().resolve("model"))).isEqualTo(weights(parent()));
    assertThat(lines).contains("going on from " + parent());
  }

  @ParameterizedTest
  @CsvSource({"copy,4", "reset,2"})
  void theOptimizerGoesOnOrBeginsAnew(String optimizerState, long updates) throws IOException {
    second.run(start(optimizerState), tokenizer());
    assertThat(state().path("state").path("updates").asLong()).isEqualTo(updates);
    assertThat(state().path("state").path("step").asLong()).isEqualTo(2);
  }

  @Test
  void aResumedStageDoesNotBeginAgain() throws IOException {
    String[] constant = {start("copy"), tokenizer(), "schedule={type: constant}"};
    second.run(constant[0], constant[1], constant[2], "train.until={steps: 3}");
    SmallPretrain third = new SmallPretrain(Files.createDirectory(directory.resolve("third")));
    for (int steps = 1; steps <= 3; steps++) {
      third.run(constant[0], constant[1], constant[2], "train.until={steps: " + steps + "}");
    }
    assertThat(weights(third.output().resolve("model")))
        .isEqualTo(weights(second.output().resolve("model")));
  }

  @Test
  void contextAndRotaryEmbeddingMayChange() throws IOException {
    second.run(
        start("reset"),
        tokenizer(),
        NO_CHANGE,
        "model.context-length=32",
        "model.rope={theta: 1e6, scaling: {type: yarn, factor: 2, original-context: 16}}");
    assertThat(weights(second.output().resolve("model"))).isEqualTo(weights(parent()));
  }

  @Test
  void theLedgerHasBothStages() throws IOException {
    second.run(start("copy"), tokenizer());
    Path file = second.output().resolve("model").resolve(Provenance.FILE);
    List<StageCompute> stages = Provenance.ancestry(List.of(Provenance.read(file)));
    assertThat(stages).extracting(StageCompute::tokens).containsExactlyInAnyOrder(64L, 64L);
  }

  @Test
  void aModelOfOthersCanBegin() throws IOException {
    for (String file : List.of("manifest.json", "provenance.json", "optimizer.safetensors")) {
      Files.delete(parent().resolve(file));
    }
    second.run(start("reset"), tokenizer(), NO_CHANGE);
    assertThat(weights(second.output().resolve("model"))).isEqualTo(weights(parent()));
    assertThatThrownBy(
            () ->
                new SmallPretrain(Files.createDirectory(directory.resolve("third")))
                    .run(start("copy"), tokenizer()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("start.optimizer-state: must be reset, got copy");
  }

  @Test
  void refusesAnotherShape() {
    assertThatThrownBy(() -> second.run(start("copy"), tokenizer(), "model.ffn-size=32"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("start.model: must have the shape that model says")
        .hasMessageContaining("ffn-size is 16, not 32");
    assertThat(second.output().resolve("tokenizer")).doesNotExist();
  }

  @Test
  void refusesAnotherTokenizer() {
    assertThatThrownBy(() -> second.run(start("copy"), "tokenizer.vocabulary-size=265"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tokenizer: must be the one that start.model was trained with");
  }

  @Test
  void damagedWeightsAreRefused() throws IOException {
    byte[] weights = weights(parent());
    weights[weights.length - 1] ^= 1;
    Files.write(parent().resolve("model.safetensors"), weights);
    assertThatThrownBy(() -> second.run(start("copy"), tokenizer()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void theLawKnowsTheRateAndTheBatch() throws IOException {
    second.run(
        "optimizer.learning-rate=auto",
        "train.tokens-per-step=auto",
        "train.until={tokens: 6400}",
        "schedule={type: constant}");
    double compute = DeepSeekLaw.flopsPerToken(1, 16, 16) * 6400;
    double batch = Math.rint(DeepSeekLaw.batchTokens(compute) / 32) * 32;
    assertThat(firstStep().path("tokens").asDouble()).isEqualTo(batch).isGreaterThan(32);
    assertThat(firstStep().path("learning-rate").asDouble())
        .isCloseTo(DeepSeekLaw.learningRate(compute), within(1e-3));
  }

  @Test
  void aRampLeadsToTheWholeBatch() throws IOException {
    second.run("train.ramp={from: 16, steps: 2}", "train.until={tokens: 80}");
    assertThat(firstStep().path("tokens").asInt()).isEqualTo(16);
    assertThat(state().path("state").path("step").asInt())
        .isEqualTo(4); // of 1, 1, 2 and 2 sequences
    assertThat(state().path("state").path("tokens").asInt()).isEqualTo(96);
  }

  @Test
  void aRampThatDoesNotLeadToTheBatchIsRefused() {
    assertThatThrownBy(() -> second.configured("train.ramp={from: 16, steps: 0}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.ramp.steps: must be in 1..1000000, got 0");
    assertThatThrownBy(() -> second.configured("train.ramp={from: 24, steps: 2}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.ramp.from: must be a multiple of model.context-length (16)");
    assertThatThrownBy(() -> second.configured("train.ramp={from: 48, steps: 2}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.ramp.from: must be at most train.tokens-per-step (32");
  }

  @Test
  void theLawOfABatchAsksForTokens() {
    assertThatThrownBy(() -> second.configured("train.tokens-per-step=auto"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be in tokens where train.tokens-per-step is auto");
    assertThatThrownBy(() -> second.configured("train.tokens-per-step=16.5"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.tokens-per-step: must be a whole number > 0");
  }
}
