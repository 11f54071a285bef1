package io.kanana.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Progress;
import io.kanana.core.job.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on mixtures: what they read, what they report, and what a resumed one keeps to. */
class MixtureRunTest {
  private static final String DOMAINS =
      "data.mixture.domains="
          + "{web: {weight: 3, documents: [{type: miniature-web, documents: 60, seed: 1}]},"
          + " code: {weight: 1, documents: [{type: miniature-web, documents: 40, kinds: [arithmetic], seed: 2}]}}";

  @TempDir Path directory;

  private SmallPretrain small;

  @BeforeEach
  void place() {
    small = SmallPretrain.ofMixture(directory);
  }

  private List<String> run(String... more) throws IOException {
    return small.run(with(more));
  }

  private static String[] with(String... more) {
    List<String> all = new ArrayList<>(List.of(DOMAINS));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private List<JsonNode> metrics(String event) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(small.output().resolve("metrics.jsonl"))) {
      ObjectNode tree = new ObjectMapper().readValue(line, ObjectNode.class);
      if (tree.get("event").asText().equals(event)) {
        lines.add(tree.without("seconds"));
      }
    }
    return lines;
  }

  @Test
  void everyDomainIsMeasuredAndTheTotalIsOfTheMixture() throws IOException {
    List<String> told = run();
    assertThat(told)
        .anyMatch(line -> line.startsWith("tokens of web: "))
        .anyMatch(line -> line.startsWith("tokens of code: "))
        .anyMatch(
            line -> line.matches(".*held-out loss .* bits per byte \\(web \\S+, code \\S+\\)"));
    JsonNode line = metrics("held-out").getLast();
    double web = line.at("/domains/web/loss").asDouble();
    double code = line.at("/domains/code/loss").asDouble();
    assertThat(line.get("loss").asDouble()).isCloseTo(0.75 * web + 0.25 * code, offset(1e-9));
    assertThat(line.at("/domains/code/bits-per-byte").asDouble()).isPositive();
    assertThat(line.get("targets").asLong())
        .isEqualTo(
            line.at("/domains/web/targets").asLong() + line.at("/domains/code/targets").asLong());
    Path model = small.output().resolve("model");
    assertThat(Files.readString(model.resolve(Provenance.FILE)))
        .contains("tokens/web/train", "tokens/code/train");
  }

  @Test
  void documentsAreAMixtureOfOneDomain() throws IOException {
    SmallPretrain simple = new SmallPretrain(directory.resolve("simple"));
    Files.createDirectories(simple.directory());
    simple.run();
    small.run(
        "data.mixture.domains={all: {weight: 7, documents: [{type: miniature-web, documents: 40}]}}");
    for (String name : List.of("model/model.safetensors", "model/optimizer.safetensors")) {
      assertThat(small.output().resolve(name))
          .hasSameBinaryContentAs(simple.output().resolve(name));
    }
    assertThat(metrics("held-out").getLast().has("domains")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "best-fit"})
  void fiveStepsAndFiveMoreAreTen(String packing) throws IOException {
    String[] ten =
        with("data.packing=" + packing, "train.until={steps: 10}", "checkpoint.every={steps: 5}");
    run(ten);
    SmallPretrain whole = small;
    List<JsonNode> steps = metrics("step");
    small = SmallPretrain.ofMixture(directory.resolve("interrupted"));
    stopAfterFive(ten);
    assertThat(metrics("step")).hasSize(5);
    List<String> told = small.run(ten);
    assertThat(told).anyMatch(line -> line.startsWith("resuming after step 5"));
    assertThat(metrics("step")).isEqualTo(steps);
    for (String name : List.of("model.safetensors", "optimizer.safetensors", "tokenizer.json")) {
      assertThat(small.output().resolve("model").resolve(name))
          .hasSameBinaryContentAs(whole.output().resolve("model").resolve(name));
    }
    assertThat(Files.exists(small.output().resolve("packed-16/web/packing.json")))
        .isEqualTo(packing.equals("best-fit"));
  }

  private void stopAfterFive(String... assignments) throws IOException {
    Files.createDirectories(small.directory());
    Cancellation cancellation = new Cancellation();
    Progress progress =
        new Told(
            status -> {
              if (status.startsWith("step 5/")) {
                cancellation.request();
              }
            });
    small.run(progress, cancellation, assignments);
  }

  @Test
  void aChangedMixtureIsRefusedByName() throws IOException {
    String[] ten = with("train.until={steps: 10}", "checkpoint.every={steps: 5}");
    stopAfterFive(ten);
    List<String> weight = new ArrayList<>(List.of(ten));
    weight.add("data.mixture.domains.code.weight=2");
    assertThatThrownBy(() -> small.run(weight.toArray(String[]::new)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data: domains.code.share: 0.2")
        .hasMessageContaining(
            ", but the mixture of the run's first 5 steps had the former; put it back, or give another output")
        .hasMessageContaining("data: domains.web.share: 0.7");
    List<String> packing = new ArrayList<>(List.of(ten));
    packing.add("data.packing=best-fit");
    assertThatThrownBy(() -> small.run(packing.toArray(String[]::new)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data: packing: \"windows\" -> \"best-fit\"");
    List<String> documents = new ArrayList<>(List.of(ten));
    documents.add("data.mixture.domains.code.documents=[{type: miniature-web, documents: 41}]");
    assertThatThrownBy(() -> small.run(documents.toArray(String[]::new)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.mixture.domains.code.documents[0].documents: 40 -> 41")
        .hasMessageContaining("tokenizer and tokens in ");
    assertThat(small.run(ten)).anyMatch(line -> line.startsWith("step 10  saved"));
  }

  /** Weights decide nothing about tokens, so they may change until the first step. */
  @Test
  void beforeItsFirstStepARunMayHaveOtherWeights() throws IOException {
    assertThatThrownBy(
            () -> run("train.until={steps: 10}", "data.mixture.domains.code.max-epochs=0.001"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.mixture.domains.code: ")
        .hasMessageContaining("more than max-epochs 0.001; at most ");
    assertThat(small.output().resolve("tokens/code/train")).isDirectory();
    assertThat(run("data.mixture.domains.code.weight=9"))
        .noneMatch(line -> line.startsWith("tokens of"))
        .anyMatch(line -> line.startsWith("step 2  saved"));
  }

  @Test
  void aLimitCanBeKeptByGivingTheOthersMore() throws IOException {
    run(
        "train.until={epochs: 1}",
        "data.mixture.domains.code.max-epochs=0.25",
        "data.on-limit=rebalance",
        "data.mixture.domains.code.weight=3");
    MixtureInspection.Result seen =
        MixtureInspection.of(
                (PretrainConfig)
                    small
                        .configured(
                            with(
                                "train.until={epochs: 1}",
                                "data.mixture.domains.code.max-epochs=0.25",
                                "data.on-limit=rebalance",
                                "data.mixture.domains.code.weight=3"))
                        .config(),
                small.output())
            .look(OptionalLong.empty(), 2);
    var code = seen.report().domains().get(1).seen().orElseThrow();
    assertThat(code.epochs()).isCloseTo(0.25, offset(2.0 / code.sequences()));
    assertThat(seen.report().domains().get(0).seen().orElseThrow().epochs()).isGreaterThan(1);
    assertThat(seen.notes()).isEmpty();
    assertThat(seen.samples()).hasSize(2);
    assertThat(seen.samples().get(0).pieces().get(0).text()).isNotEmpty();
  }

  @Test
  void aDomainTooSmallToHoldSomethingOutIsNotMeasured() throws IOException {
    assertThat(run("data.mixture.domains.code.documents=[{type: miniature-web, documents: 1}]"))
        .contains("code: no document is held out, so its loss is not measured");
    assertThat(metrics("held-out").getLast().has("domains")).isFalse();
  }

  @Test
  void aDomainThatIsEmptyIsNamed() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.jsonl"), "");
    assertThatThrownBy(() -> run("data.mixture.domains.code.documents=[" + empty + "]"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("data.mixture.domains.code: the corpus is empty");
  }

  @Test
  void tokensOfAnotherJobAreReadWhereTheyAre() throws IOException {
    SmallPretrain tokens = SmallPretrain.ofTokenize(directory.resolve("tokenize"));
    Files.createDirectories(tokens.directory());
    List<String> told = tokens.run(DOMAINS);
    assertThat(told).anyMatch(line -> line.startsWith("tokens of code: "));
    Path made = tokens.output();
    String given =
        String.format(
            Locale.ROOT,
            "data.mixture.domains={web: {weight: 3, tokens: %s}, code: {weight: 1, tokens: %s}}",
            made.resolve("tokens/web"),
            made.resolve("tokens/code"));
    String tokenizer = "tokenizer={type: load, path: " + made.resolve("tokenizer") + "}";
    small.run(given, tokenizer);
    assertThat(small.output().resolve("tokens")).doesNotExist();
    SmallPretrain own = SmallPretrain.ofMixture(directory.resolve("own"));
    Files.createDirectories(own.directory());
    own.run(DOMAINS);
    assertThat(small.output().resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(own.output().resolve("model/model.safetensors"));
    assertThat(Artefact.open(small.output().resolve("tokenizer")).id())
        .isEqualTo(Artefact.open(made.resolve("tokenizer")).id());
    refusesOtherTokens(given, tokenizer, made);
  }

  private void refusesOtherTokens(String given, String tokenizer, Path made) throws IOException {
    SmallPretrain other = SmallPretrain.ofMixture(directory.resolve("other"));
    Files.createDirectories(other.directory());
    assertThatThrownBy(() -> other.run(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tokenizer: must be the one that made the domains' tokens");
    SmallPretrain bytes = SmallPretrain.ofMixture(directory.resolve("bytes"));
    Files.createDirectories(bytes.directory());
    String more =
        "data.mixture.domains.more={weight: 1, documents: [{type: miniature-web, documents: 40}]}";
    assertThatThrownBy(() -> bytes.run(given, more))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "tokens/web/train: was made with another tokenizer than the run's; give the tokenizer");
    assertThatThrownBy(
            () -> other.run(given, tokenizer, "data.mixture.domains.web.tokens=" + directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.mixture.domains.web.tokens: ")
        .hasMessageContaining("has no token shards in it");
    assertThat(made.resolve("tokens/web/train")).isDirectory();
  }

  @Test
  void aPlanSaysWhatIsAsked() throws IOException {
    assertThat(small.configured(with("train.until={tokens: 3200}")).plan().toString())
        .containsPattern("domain web +75.00 %, 2,400 tokens")
        .containsPattern("domain code +25.00 %, 800 tokens");
  }

  @Test
  void aMixtureAndDocumentsAreTwoWaysToSayIt() {
    assertThatThrownBy(() -> new SmallPretrain(directory).configured(DOMAINS))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.mixture: must not stand beside documents; give one of them");
    assertThatThrownBy(() -> small.configured())
        .hasMessage("data.documents: is missing; give a list, or a mixture in its place");
    assertThatThrownBy(() -> small.configured("data.mixture.domains={web: {weight: 1}}"))
        .hasMessage(
            "data.mixture.domains.web: has nothing to read; give it documents, or tokens that are made already");
  }
}
