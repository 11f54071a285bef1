package io.kanana.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.Extensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
  enum Precision {
    F32,
    BF16_MIXED
  }

  interface Schedule {
    double at(long step);
  }

  record Constant(double rate) implements Schedule {
    Constant {
      Check.that(rate > 0, "rate", "must be > 0, got %s", rate);
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  record Linear(double from, int steps) implements Schedule {
    @Override
    public double at(long step) {
      return from * (1 - (double) step / steps);
    }
  }

  record Model(int hiddenSize, int heads, String name) {
    Model {
      Check.that(hiddenSize > 0, "hidden-size", "must be > 0, got %s", hiddenSize);
      Check.that(heads > 0, "heads", "must be > 0, got %s", heads);
      Check.that(
          hiddenSize % heads == 0,
          List.of("hidden-size", "heads"),
          "must be a multiple of heads (%s), got %s",
          heads,
          hiddenSize);
    }
  }

  @OneOf
  record Until(OptionalLong steps, OptionalLong tokens) {}

  record Source(Path path, double weight) {}

  record Config(
      Model model,
      boolean tied,
      Precision precision,
      long seed,
      Schedule schedule,
      Until until,
      List<Source> sources,
      Map<String, Integer> counts,
      Optional<String> note) {}

  private static final Extensions EXTENSIONS =
      Extensions.of(
          () ->
              List.of(
                  new Extension<>(Schedule.class, "constant", Constant.class, "Flat.", "rate: 0.5"),
                  new Extension<>(Schedule.class, "linear", Linear.class, "Falls.", "steps: 100")));

  private static final String GOOD =
      """
      model: {hidden-size: 128, heads: 4, name: small}
      tied: true
      precision: bf16-mixed
      seed: 17
      schedule: {type: constant}
      until: {steps: 10}
      sources: [{path: a/b, weight: 1}, {path: c, weight: 2.5e-1}]
      counts: {ko: 1, en: 2}
      """;

  private static Binder.Bound<Config> bind(String yaml) {
    return new Binder(EXTENSIONS).bind(Config.class, Yaml.read(yaml));
  }

  private static List<String> problems(String yaml) {
    List<Problem> known = new ArrayList<>();
    ObjectNode tree = Yaml.mapping(yaml, "", known);
    try {
      new Binder(EXTENSIONS).bind(Config.class, tree, known);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(Object::toString).toList();
    }
  }

  @Test
  void bindsEveryKindOfComponent() {
    Config config = bind(GOOD).config();
    assertThat(config)
        .isEqualTo(
            new Config(
                new Model(128, 4, "small"),
                true,
                Precision.BF16_MIXED,
                17,
                new Constant(0.5),
                new Until(OptionalLong.of(10), OptionalLong.empty()),
                List.of(new Source(Path.of("a/b"), 1), new Source(Path.of("c"), 0.25)),
                Map.of("ko", 1, "en", 2),
                Optional.empty()));
    assertThat(bind(GOOD + "note: hello").config().note()).contains("hello");
    assertThat(config.counts().keySet()).containsExactly("ko", "en");
  }

  record Rate(NumberOrAuto rate) {}

  @Test
  void aNumberMayBeLeftToTheJob() {
    Binder binder = new Binder(EXTENSIONS);
    assertThat(binder.bind(Rate.class, Yaml.read("rate: 2e-3")).config().rate())
        .isEqualTo(NumberOrAuto.of(0.002));
    assertThat(binder.bind(Rate.class, Yaml.read("rate: auto")).config().rate().isAuto()).isTrue();
    assertThatThrownBy(() -> binder.bind(Rate.class, Yaml.read("rate: automatic")))
        .hasMessageContaining("rate: must be a number, or auto, got \"automatic\"");
  }

  record Several(List<Stop> stops) {}

  @Shorthand
  interface Stop {}

  record Place(String name) implements Stop {}

  @Test
  void plainTextInAListMayBeAType() {
    Extensions stops =
        Extensions.of(
            () ->
                List.of(new Extension<>(Stop.class, "place", Place.class, "A place.", "name: x")));
    Binder.Bound<Several> bound =
        new Binder(stops)
            .bind(Several.class, Yaml.read("stops: [place, {type: place, name: there}]"));
    assertThat(bound.config()).isEqualTo(new Several(List.of(new Place("x"), new Place("there"))));
    assertThatThrownBy(() -> new Binder(stops).bind(Several.class, Yaml.read("stops: [plaice]")))
        .hasMessageContaining("stops[0].type")
        .hasMessageContaining("did you mean place?");
  }

  @Test
  void theResolvedTreeHoldsTheDefaultsOfOpenPartsAndReadsBack() {
    Binder.Bound<Config> bound = bind(GOOD);
    assertThat(bound.tree().at("/schedule/rate").doubleValue()).isEqualTo(0.5);
    assertThat(Yaml.read(bound.yaml())).isEqualTo(bound.tree());
    assertThat(bind(bound.yaml())).isEqualTo(bound);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tied: true            | tied: 'true'          | tied: must be true or false, got "true"
          seed: 17              | seed: '17'            | seed: must be a whole number of at most 64 bits, got "17"
          seed: 17              | seed: 10.7            | seed: must be a whole number of at most 64 bits, got 10.7
          seed: 17              | seed: 99999999999999999999 | seed: must be a whole number of at most 64 bits, got 99999999999999999999
          seed: 17              | sed: 17               | seed: is missing; give a whole number of at most 64 bits
          name: small           | name: 3.10            | model.name: must be text (quote it), got 3.10
          name: small           | name: true            | model.name: must be text (quote it), got true
          heads: 4              | heads: 3              | model.hidden-size: must be a multiple of heads (3), got 128
          bf16-mixed            | bf16-mxied            | precision: must be one of f32, bf16-mixed, got "bf16-mxied"; did you mean bf16-mixed?
          {type: constant}      | {rate: 1}             | schedule.type: is missing; known: constant, linear
          {type: constant}      | {type: constnat}      | schedule.type: unknown type "constnat"; did you mean constant? known: constant, linear
          {type: constant}      | {type: constant, rate: -1} | schedule.rate: must be > 0, got -1.0
          {type: constant}      | {type: linear}        | schedule.from: is missing; give a number
          {steps: 10}           | {steps: 1, tokens: 2} | until: must give exactly one of steps, tokens, got steps and tokens
          {steps: 10}           | {}                    | until: must give exactly one of steps, tokens, got none
          weight: 1}            | weight: heavy}        | sources[0].weight: must be a number, got "heavy"
          path: c               | path: ''              | sources[1].path: must be a path, got ""
          en: 2                 | en: [2]               | counts.en: must be a whole number of at most 2147483647, got [2]
          hidden-size: 128      | hidden-size: 128, hiddenSise: 1 | model.hiddenSise: unknown key (its value is 1); did you mean hidden-size?
          """)
  void refuses(String good, String bad, String expected) {
    assertThat(GOOD).contains(good);
    assertThat(problems(GOOD.replace(good, bad))).contains(expected);
  }

  @Test
  void reportsEveryProblemAtOnce() {
    String bad =
        GOOD.replace("hidden-size: 128", "hidden-size: wide")
            .replace("heads: 4", "heads: -4")
            .replace("tied: true", "tied: no")
            .replace("seed: 17", "seed:")
            .replace("type: constant", "type: constant, rate: 0, extra: [1]")
            .replace("weight: 1}", "wieght: 1}");
    assertThat(problems(bad))
        .containsExactly(
            "tied: is the unquoted word no; write true or false, or quote it if it is text",
            "seed: has no value; give one, or leave the key out",
            "model.hidden-size: must be a whole number of at most 2147483647, got \"wide\"",
            "model.heads: must be > 0, got -4",
            "schedule.extra: unknown key (its value is [1]); known: rate",
            "schedule.rate: must be > 0, got 0.0",
            "sources[0].wieght: unknown key (its value is 1); did you mean weight?",
            "sources[0].weight: is missing; give a number");
  }

  @Test
  void aRecordMadeByHandThrowsAtOnce() {
    assertThatThrownBy(() -> new Constant(0))
        .isInstanceOf(ConfigException.class)
        .hasMessage("rate: must be > 0, got 0.0");
  }

  @Test
  void aRuleThatFailsWithAnExceptionIsHiddenBehindTheRuleThatExplainsIt() {
    assertThat(problems(GOOD.replace("heads: 4", "heads: 0")))
        .containsExactly("model.heads: must be > 0, got 0");
  }

  @FromFile
  record Kept(Map<String, Source> sources, Optional<String> note) {}

  record Keeper(Kept kept) {}

  private static Binder.Bound<Keeper> keeper(String yaml) {
    return new Binder(EXTENSIONS).bind(Keeper.class, Yaml.read(yaml));
  }

  @Test
  void aSectionIsLaidOverTheFileThatItNames(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("kept.yaml");
    Files.writeString(
        file, "sources: {a: {path: x, weight: 1}, b: {path: w, weight: 2}}\nnote: theirs\n");
    Binder.Bound<Keeper> bound =
        keeper("kept: {file: " + file + ", sources: {b: {weight: 3}, c: {path: z, weight: 4}}}");
    assertThat(bound.config().kept().note()).contains("theirs");
    assertThat(bound.config().kept().sources())
        .containsExactly(
            Map.entry("a", new Source(Path.of("x"), 1)),
            Map.entry("b", new Source(Path.of("w"), 3)),
            Map.entry("c", new Source(Path.of("z"), 4)));
    assertThat(bound.yaml()).doesNotContain("file:");
    assertThat(keeper(bound.yaml())).isEqualTo(bound);
  }

  @Test
  void theFileOfASectionIsReadAsStrictly(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("kept.yaml");
    Files.writeString(file, "file: other.yaml\nsource: {}\n");
    assertThatThrownBy(() -> keeper("kept: {file: " + file + ", sources: {}}"))
        .hasMessageContaining("kept.file: " + file + " names a file itself; only one level")
        .hasMessageContaining("kept.source: unknown key (its value is {}); did you mean sources?");
    assertThatThrownBy(() -> keeper("kept: {file: " + directory + "/none.yaml, sources: {}}"))
        .hasMessage(
            "kept.file: " + directory + "/none.yaml: there is no such file; check the path");
  }
}
