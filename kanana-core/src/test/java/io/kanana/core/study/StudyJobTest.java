package io.kanana.core.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.JobPlan;
import io.kanana.core.pipeline.CopyRun;
import io.kanana.core.report.Plots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyJobTest {
  private static final String STUDY =
      """
      job: study
      finding: Two is more than one
      seeds: [1, 2, 4]
      shared:
        - {name: base, job: copy, text: s}
      arms:
        one:
          - {name: before, job: copy, text: o, inputs: ["${base}/copy/text"]}
          - {name: last, job: copy, text: l, inputs: ["${before}/copy/text"], worth: 1}
        two:
          - {name: last, job: copy, text: t, inputs: ["${base}/copy/text"], worth: 2, seed: 9}
      measure: {from: last, metric: worth, better: higher}
      claims: [{better: two, than: one}]
      """;

  @TempDir Path directory;

  private CopyRun copies;

  @BeforeEach
  void place() {
    copies = new CopyRun(directory);
  }

  @Test
  void everyArmRunsWithEverySeedOnWhatIsShared() throws IOException {
    copies.run(false, STUDY);
    assertThat(copies.ran())
        .containsExactly(
            "shared/base",
            "one/seed-1/before",
            "one/seed-1/last",
            "two/seed-1/last",
            "one/seed-2/before",
            "one/seed-2/last",
            "two/seed-2/last",
            "one/seed-4/before",
            "one/seed-4/last",
            "two/seed-4/last");
    assertThat(copies.text("one/seed-4/last")).isEqualTo("s17 o4 l4 ");
    assertThat(copies.text("two/seed-2/last")).isEqualTo("s17 t2 ");
    assertThat(copies.told())
        .startsWith(
            "base: copying",
            "one, seed 1: before: copying",
            "one, seed 1: last: copying",
            "one, seed 1: worth 1.1000")
        .endsWith(
            "",
            "Two is more than one",
            "worth of last, higher is better",
            "",
            "arm        seed 1  seed 2  seed 4  median     min     max  deviation  tokens  FLOP  seconds",
            "one        1.1000  1.2000  1.4000  1.2000  1.1000  1.4000     0.1528       0  0.00        0",
            "two        2.1000  2.2000  2.4000  2.2000  2.1000  2.4000     0.1528       0  0.00        0",
            "two - one  1.0000  1.0000  1.0000  1.0000  1.0000  1.0000     0.0000",
            "",
            "two better than one: reproduced");
  }

  @Test
  void theReportIsAnArtefactWithEveryFigure() throws IOException {
    copies.run(false, STUDY, "measure.better=lower");
    Artefact report = Artefact.open(copies.output().resolve("report"));
    report.verify();
    assertThat(Files.readString(report.file("report.md")))
        .startsWith("# Two is more than one\n\nworth of last, lower is better.\n\n| arm | seed 1 |")
        .contains("\n| two | 2.1000 | 2.2000 | 2.4000 | 2.2000 |")
        .contains("**two better than one: not reproduced**")
        .contains("Pooled standard deviation: 0.1528.\n\nA claim is " + Verdict.RULE + ".");
    JsonNode json = new ObjectMapper().readTree(report.file("report.json").toFile());
    assertThat(json.at("/arms/two/values/2").asDouble()).isEqualTo(2.2);
    assertThat(json.at("/arms/two/median").asDouble()).isEqualTo(2.2);
    assertThat(json.at("/arms/two/compute/4/flops").asDouble()).isZero();
    assertThat(json.at("/claims/0/values/4").asDouble()).isEqualTo(1.0);
    assertThat(json.at("/claims/0/verdict").asText()).isEqualTo("not reproduced");
    assertThat(json.at("/measure/better").asText()).isEqualTo("lower");
    assertThat(report.manifest().files().containsKey("plot.png")).isEqualTo(Plots.canDraw());
  }

  @Test
  void whatOthersFoundStandsBesideIt() throws IOException {
    copies.run(false, STUDY, "reported='two 2.1, one 1.9'");
    assertThat(copies.told())
        .containsSubsequence("Two is more than one", "reported: two 2.1, one 1.9");
    assertThat(Files.readString(copies.output().resolve("report/report.md")))
        .startsWith("# Two is more than one\n\nReported: two 2.1, one 1.9\n\nworth of last");
    JsonNode json = new ObjectMapper().readTree(StudyJob.report(copies.output()).toFile());
    assertThat(json.path("reported").asText()).isEqualTo("two 2.1, one 1.9");
  }

  @Test
  void everyClaimHasAVerdictOfItsOwn() throws IOException {
    copies.run(false, STUDY, "claims=[{better: two, than: one}, {better: one, than: two}]");
    assertThat(copies.told())
        .endsWith("two better than one: reproduced", "one better than two: not reproduced");
    Path report = copies.output().resolve("report");
    assertThat(Files.readString(report.resolve("report.md")))
        .containsSubsequence("| two - one |", "| one - two |", "Pooled", "Pooled", Verdict.RULE);
    JsonNode json = new ObjectMapper().readTree(report.resolve("report.json").toFile());
    assertThat(json.at("/claims/1/values/4").asDouble()).isEqualTo(-1.0);
  }

  @Test
  void withoutAClaimArmsAreRanked() throws IOException {
    String unclaimed = STUDY.substring(0, STUDY.indexOf("claims:"));
    copies.run(false, unclaimed);
    String markdown = Files.readString(copies.output().resolve("report/report.md"));
    assertThat(markdown).containsSubsequence("| two", "| one").doesNotContain("Pooled");
    copies.run(true, unclaimed, "measure.better=lower");
    assertThat(Files.readString(copies.output().resolve("report/report.md")))
        .containsSubsequence("| one", "| two");
  }

  @Test
  void goesOnWhereItWasBrokenOff() throws IOException {
    copies.job.during =
        context -> {
          if (context.output().endsWith("one/seed-2/last")) {
            throw new DataException("broken off");
          }
        };
    assertThatThrownBy(() -> copies.run(false, STUDY))
        .isInstanceOf(DataException.class)
        .hasMessage("one, seed 2: last: broken off");
    copies.job.during = context -> {};
    assertThat(copies.configure(STUDY).plan().entries())
        .extracting(JobPlan.Entry::value)
        .contains("3 seeds, 1 of them done");
    copies.run(true, STUDY);
    assertThat(copies.ran())
        .containsExactly(
            "one/seed-2/last",
            "two/seed-2/last",
            "one/seed-4/before",
            "one/seed-4/last",
            "two/seed-4/last");
    assertThat(copies.told()).endsWith("two better than one: reproduced");
    copies.run(true, STUDY, "seeds=[1, 2, 4, 3]");
    assertThat(copies.ran())
        .containsExactly("one/seed-3/before", "one/seed-3/last", "two/seed-3/last");
  }

  @Test
  void aStopLeavesNoReport() {
    Cancellation cancellation = new Cancellation();
    copies.job.during = context -> cancellation.request();
    copies.run(cancellation, false, STUDY);
    assertThat(copies.ran()).containsExactly("shared/base");
    assertThat(copies.output().resolve("report")).doesNotExist();
  }

  @Test
  void theResolvedConfigurationIsTheSameStudy() {
    ConfiguredJob<?> job = copies.configure(STUDY);
    assertThat(Yaml.read(copies.configure(job.configYaml()).configYaml()))
        .isEqualTo(Yaml.read(job.configYaml()));
  }

  @Test
  void mistakesAreReportedTogether() {
    String yaml =
        """
        job: study
        finding: None
        seeds: [1, 1]
        shared:
          - {name: base, job: copy, text: s, inputs: ["${last}"]}
        arms:
          shared: [{name: last, job: copy, text: s}]
          two:
            - {name: lost, job: copy, text: t, inputs: ["${bsae}/copy"], output: x}
            - {name: base, job: copy, text: " "}
            - {name: many, job: pipeline, jobs: [{name: one, job: copy, text: t}]}
        measure: {from: last, metric: worth, better: highest}
        claims: [{better: tow, than: tow}]
        """;
    assertThatThrownBy(
            () -> copies.configure(yaml.replace("highest", "higher").replace("tow}", "none}")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder(
                        "seeds: must be different from one another, and at least one, got [1, 1]",
                        "shared[0].inputs[0]: refers to ${last}, which is no job; nothing can be given here",
                        "arms.shared: must be called by lower-case letters, digits and single hyphens,"
                            + " and not shared or report",
                        "arms.two[0].inputs[0]: refers to ${bsae}, which is no job; did you mean base?",
                        "arms.two[0].output: must not be given, since the job runs once with each seed",
                        "arms.two[1].name: must be the name of one job only, got base again",
                        "arms.two[2].job: must be a job that runs no others, whose seeds would be"
                            + " their own; list its jobs here",
                        "arms.two[1].text: must not be blank, got \" \"",
                        "arms.two: must have the job that is measured, last; did you mean lost?",
                        "claims[0].better: must be an arm, got tow; did you mean two?",
                        "claims[0].than: must be an arm, got none; known: shared, two"));
    assertThatThrownBy(() -> copies.configure(yaml))
        .hasMessageContaining("measure.better: must be one of lower, higher, got \"highest\"")
        .hasMessageContaining("claims[0].than: must be another arm, got tow");
  }

  @Test
  void aMetricThatNobodyMeasuredIsToldOfAfterTheFirstRun() {
    assertThatThrownBy(() -> copies.run(false, STUDY, "measure.metric=wroth"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "measure.metric: last in %s measured no \"wroth\"; did you mean worth?",
            copies.output().resolve("one/seed-1/last"));
    copies.run(true, STUDY);
    assertThat(copies.ran()).hasSize(7);
  }

  @Test
  void aPlanIsThatOfTheSharedJobsAndOfEachArm() {
    assertThat(copies.configure(STUDY).plan())
        .hasToString(
            """
            finding   Two is more than one
            base      copy, not begun
              inputs  0
            arm one   3 seeds, 0 of them done
            before    copy, not begun
              inputs  1
            last      copy, not begun
              inputs  1
            arm two   3 seeds, 0 of them done
            last      copy, not begun
              inputs  1""");
    assertThatThrownBy(
            () ->
                copies
                    .configure(STUDY, "shared[0].text=unplannable", "arms.two[0].text=unplannable")
                    .plan())
        .hasMessage("shared[0].text: must be plannable\narms.two[0].text: must be plannable");
  }
}
