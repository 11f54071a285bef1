package io.kanana.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.JobPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineJobTest {
  private static final String THREE =
      """
      job: pipeline
      seed: 7
      jobs:
        - {name: first, job: copy, text: a}
        - {name: second, job: copy, text: b, inputs: ["${first}/copy/text"], seed: 8}
        - {name: third, job: copy, text: c, inputs: ["${second}/copy/text", "${first}/copy/text"]}
      """;

  @TempDir Path directory;

  private CopyRun copies;

  @BeforeEach
  void place() {
    copies = new CopyRun(directory);
  }

  @Test
  void jobsRunInOrderOnWhatThoseBeforeThemLeft() throws IOException {
    copies.run(false, THREE);
    assertThat(copies.ran()).containsExactly("first", "second", "third");
    assertThat(copies.text("third")).isEqualTo("a7 b8 a7 c7 ");
    assertThat(copies.told())
        .containsExactly("first: copying", "second: copying", "third: copying");
    assertThat(copies.output().resolve("second/config.yaml"))
        .content()
        .startsWith("job: copy\n")
        .contains("output: " + copies.output().resolve("second"))
        .contains(copies.output().resolve("first/copy/text").toString());
  }

  @Test
  void theResolvedConfigurationIsTheSamePipeline() throws IOException {
    ConfiguredJob<?> job = copies.configure(THREE);
    ConfiguredJob<?> again = copies.configure(job.configYaml());
    assertThat(Yaml.read(again.configYaml())).isEqualTo(Yaml.read(job.configYaml()));
    assertThat(job.configYaml())
        .contains("${first}/copy/text")
        .contains("- name: second\n  job: copy\n  inputs:")
        .contains("worth: 1");
    copies.run(false, THREE);
    copies.run(true, job.configYaml());
    assertThat(copies.ran()).isEmpty();
  }

  private void assertRefused(String yaml, String... problems) {
    assertThatThrownBy(() -> copies.configure(yaml))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder(problems));
  }

  @Test
  void mistakesOfAllJobsAndBetweenThemAreReportedTogether() {
    assertRefused(
        """
        job: pipeline
        jobs:
          - {name: one, job: copy, text: a, inputs: ["${oen}/x", "${one}/x", "x/${two}", "${six}"]}
          - {name: two, job: copy, text: " ", inputs: [b, "${one}/x"], sed: 3}
          - {name: two, job: copy, text: a, inputs: ["${on}/x"], output: "${one}/below"}
          - {name: Four, job: copy, text: 5}
          - {job: pipeline, name: five, jobs: []}
          - {name: six, job: copy, text: a}
        """,
        "jobs[0].inputs[0]: refers to ${oen}, which is no job; nothing can be given here",
        "jobs[0].inputs[1]: refers to ${one}, which is this job itself; name one that runs before it",
        "jobs[0].inputs[2]: refers to ${two}, which needs this job in turn (two -> one), so neither"
            + " can run first; take one of the references out",
        "jobs[0].inputs[3]: refers to ${six}, which runs later; move it before this job",
        "jobs[1].sed: unknown key (its value is 3); did you mean seed?",
        "jobs[1].text: must not be blank, got \" \"",
        "jobs[2].name: must be the name of one job only, got two again",
        "jobs[2].inputs[0]: refers to ${on}, which is no job; did you mean one?",
        "jobs[2].output: must be a plain path, got one that refers to one",
        "jobs[3].name: must be given, of lower-case letters, digits and single hyphens, got \"Four\"",
        "jobs[3].text: must be text (quote it), got 5",
        "jobs[4].jobs: must name at least one job");
  }

  @Test
  void jobsThatCannotBeFoundAreReportedTogether() {
    assertRefused(
        """
        job: pipeline
        jobs:
          - {name: one, job: cpoy}
          - {name: two, text: a}
          - {name: three, extends: none.yaml}
          - {name: four, job: copy, extends: [a.yaml]}
          - {name: five, job: copy, text: " "}
        """,
        "jobs[0].job: unknown job \"cpoy\"; did you mean copy? known: copy, pipeline, study",
        "jobs[1].job: is missing; known: copy, pipeline, study",
        "jobs[2].extends: "
            + directory.resolve("none.yaml")
            + ": there is no such file; check the path",
        "jobs[3].extends: must be the path of one file, got [\"a.yaml\"]",
        "jobs[4].text: must not be blank, got \" \"");
  }

  @Test
  void aJobMayExtendAFileAndIsOverriddenAsAFileIs() throws IOException {
    Files.createDirectories(directory.resolve("below"));
    Files.writeString(
        directory.resolve("below/copy.yaml"),
        "job: copy\noutput: elsewhere\nseed: 3\ntext: x\nuntil: {tokens: 5}\nextends: base.yaml\n");
    Files.writeString(directory.resolve("below/base.yaml"), "job: copy\nworth: 2\ntext: w\n");
    String yaml =
        """
        job: pipeline
        seed: 7
        jobs:
          - {name: one, extends: below/copy.yaml, until: {steps: 1}}
          - {name: two, extends: below/copy.yaml, text: "two$${one}"}
        """;
    copies.run(false, yaml, "jobs[1].until.steps=2", "jobs[1].inputs=['${one}/copy/text']");
    assertThat(copies.text("one")).isEqualTo("x7 ");
    assertThat(copies.text("two")).isEqualTo("x7 two${one}7 ");
    assertThat(Yaml.read(copies.output().resolve("two/config.yaml")).toString())
        .contains("\"until\":{\"steps\":2}")
        .contains("\"worth\":2");
  }

  @Test
  void aPlanIsThatOfEveryJobAndWhereItStands() {
    assertThat(copies.configure(THREE).plan())
        .hasToString(
            """
            first     copy, not begun
              inputs  0
            second    copy, not begun
              inputs  1
            third     copy, not begun
              inputs  2""");
    copies.run(false, THREE);
    assertThat(copies.configure(THREE, "jobs[1].worth=2").plan().entries())
        .extracting(JobPlan.Entry::value)
        .containsExactly(
            "copy, done",
            "0",
            "copy, changed",
            "1",
            "copy, done; stale unless second comes out as before",
            "2");
  }

  @Test
  void aPlanTellsWhatNoJobCouldRun() {
    assertThatThrownBy(
            () ->
                copies
                    .configure(THREE, "jobs[0].text=unplannable", "jobs[2].text=unplannable")
                    .plan())
        .isInstanceOf(ConfigException.class)
        .hasMessage("jobs[0].text: must be plannable\njobs[2].text: must be plannable");
  }

  @Test
  void aJobThatFailsIsNamedAndTheOthersAreNotRunAgain() throws IOException {
    copies.job.during =
        context -> {
          if (context.output().endsWith("second")) {
            throw new DataException("docs.jsonl, line 3: no text");
          }
        };
    assertThatThrownBy(() -> copies.run(false, THREE))
        .isInstanceOf(DataException.class)
        .hasMessage("second: docs.jsonl, line 3: no text");
    copies.job.during = context -> assertThat(context.resume()).isTrue();
    copies.run(true, THREE);
    assertThat(copies.ran()).containsExactly("second", "third");
    assertThat(copies.told()).startsWith("first: done", "second: half done", "third: not begun");
    assertThat(copies.text("third")).isEqualTo("a7 b8 a7 c7 ");
  }

  /** Who looks at a run sees what it does now. */
  @Test
  void theConfigurationIsThatOfTheRunThatIsGoingOn() {
    copies.run(false, THREE);
    copies.job.during =
        context ->
            assertThat(Yaml.read(copies.output().resolve("config.yaml")).at("/jobs/1/text"))
                .hasToString("\"B\"");
    copies.run(true, THREE, "jobs[1].text=B");
    assertThat(copies.ran()).containsExactly("second", "third");
  }

  @Test
  void aStopEndsTheJobThatRunsAndBeginsNoOther() {
    Cancellation cancellation = new Cancellation();
    copies.job.during =
        context -> {
          if (context.output().endsWith("second")) {
            cancellation.request();
          }
        };
    copies.run(cancellation, false, THREE);
    assertThat(copies.ran()).containsExactly("first", "second");
    copies.run(true, THREE);
    assertThat(copies.ran()).containsExactly("second", "third");
  }

  @Test
  void whatIsDoneAndWholeIsNotRunAgain() {
    copies.run(false, THREE);
    copies.run(true, THREE);
    assertThat(copies.ran()).isEmpty();
    assertThat(copies.told()).containsExactly("first: done", "second: done", "third: done");
    assertThatThrownBy(() -> copies.run(false, THREE)).hasMessageContaining("is not empty");
  }

  @Test
  void whatIsDamagedOrGoneIsMadeAgain() throws IOException {
    copies.run(false, THREE);
    Files.writeString(copies.output().resolve("second/copy/text"), "a7 B8 ");
    copies.job.during = context -> Artefact.remove(context.output().resolve("copy"));
    copies.run(true, THREE);
    assertThat(copies.ran()).containsExactly("second");
    assertThat(copies.told())
        .anyMatch(
            line -> line.startsWith("second: not as it was left: ") && line.contains("SHA-256"));
    assertThat(copies.text("second")).isEqualTo("a7 b8 ");
    Files.writeString(copies.output().resolve("first/copy/text"), "cut");
    copies.run(true, THREE);
    assertThat(copies.ran()).containsExactly("first");
    Artefact.remove(copies.output().resolve("third/copy"));
    copies.run(true, THREE);
    assertThat(copies.ran()).containsExactly("third");
    assertThat(copies.told()).contains("third: damaged");
  }

  @Test
  void whatWasMadeFromOtherInputsIsPutAsideAndMadeAnew() throws IOException {
    copies.run(false, THREE);
    copies.run(true, THREE, "jobs[1].text=B");
    assertThat(copies.ran()).containsExactly("second", "third");
    assertThat(copies.told())
        .contains(
            "first: done",
            "second: changed",
            "third: done; stale unless second comes out as before",
            "second: changed since the run began: text: \"b\" -> \"B\"",
            "third: stale, because it was made from another second/copy/text; what was there is now "
                + copies.output().resolve("third.stale-1"));
    assertThat(copies.text("third")).isEqualTo("a7 B8 a7 c7 ");
    assertThat(copies.text("third.stale-1")).isEqualTo("a7 b8 a7 c7 ");
    copies.run(true, THREE, "jobs[1].text=b");
    assertThat(copies.text("third.stale-2")).isEqualTo("a7 B8 a7 c7 ");
    copies.run(true, THREE, "jobs[1].until.steps=3");
    assertThat(copies.ran()).containsExactly("second");
  }

  @Test
  void aHalfDoneJobIsStaleToo() throws IOException {
    copies.job.during =
        context -> {
          if (context.output().endsWith("third")) {
            throw new DataException("broken off");
          }
        };
    assertThatThrownBy(() -> copies.run(false, THREE)).hasMessage("third: broken off");
    copies.job.during = context -> {};
    copies.run(true, THREE, "jobs[0].text=A");
    assertThat(copies.ran()).containsExactly("first", "second", "third");
    assertThat(copies.output().resolve("second.stale-1")).isDirectory();
    assertThat(copies.output().resolve("third.stale-1")).isDirectory();
    assertThat(copies.text("third")).isEqualTo("A7 b8 A7 c7 ");
  }

  @Test
  void anOutputOfItsOwnIsKeptTo() throws IOException {
    Path own = directory.resolve("own");
    copies.run(false, THREE, "jobs[0].output=" + own);
    assertThat(own.resolve("copy/text")).hasContent("a7 ");
    assertThat(copies.text("third")).isEqualTo("a7 b8 a7 c7 ");
    assertThat(copies.output().resolve("first")).doesNotExist();
  }

  @Test
  void aPipelineThatWasMovedIsStillDone() throws IOException {
    copies.run(false, THREE);
    Path moved = Files.move(copies.output(), directory.resolve("moved"));
    copies.run(true, THREE, "output=" + moved);
    assertThat(copies.job.runs).isEmpty();
  }

  private static final String STUDY =
      """
      job: pipeline
      seed: 7
      jobs:
        - {name: texts, job: copy, text: t}
        - name: compared
          job: study
          finding: b is worth more
          seeds: [1, 2]
          shared: [{name: both, job: copy, text: "s$${texts}", inputs: ["${texts}/copy/text"]}]
          arms:
            a: [{name: end, job: copy, text: a, worth: 1, inputs: ["${both}/copy/text"]}]
            b: [{name: end, job: copy, text: b, worth: 2, inputs: ["${texts}/copy/text"]}]
          measure: {from: end, metric: worth, better: higher}
          claims: [{better: b, than: a}]
        - {name: last, job: copy, text: z, inputs: ["${compared}/a/seed-1/end/copy/text"]}
      """;

  @Test
  void aStudyIsAJobLikeAnother() throws IOException {
    copies.run(false, STUDY);
    assertThat(copies.told()).contains("compared: b better than a: reproduced");
    assertThat(copies.text("last")).isEqualTo("t7 s${texts}7 a1 z7 ");
    assertThat(copies.text("compared/b/seed-2/end")).isEqualTo("t7 b2 ");
    copies.run(true, STUDY);
    assertThat(copies.ran()).isEmpty();
    copies.run(true, STUDY, "jobs[1].arms.b[0].worth=3");
    assertThat(copies.ran()).containsExactly("compared/b/seed-1/end", "compared/b/seed-2/end");
  }

  @Test
  void aStudyMadeFromOtherInputsIsPutAsideWhole() {
    copies.run(false, STUDY);
    copies.run(true, STUDY, "jobs[0].text=T");
    assertThat(copies.ran()).startsWith("texts", "compared/shared/both").endsWith("last");
    assertThat(copies.output().resolve("compared.stale-1/b/seed-2/end")).isDirectory();
  }

  @Test
  void whatIsWrongInAStudyIsRefusedAtOnce() {
    assertThatThrownBy(
            () ->
                copies
                    .configure(
                        STUDY,
                        "jobs[1].arms.b[0].inputs=['${bth}/copy/text']",
                        "jobs[1].shared[0].output=elsewhere")
                    .plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "jobs[1].arms.b[0].inputs[0]: refers to ${bth}, which is no job; did you mean both?")
        .hasMessageContaining(
            "jobs[1].shared[0].output: must not be given by a job within another's");
  }

  @Test
  void whatWasPutAsideIsNoPartOfAStudy() throws IOException {
    copies.run(false, STUDY);
    copies.run(true, STUDY, "jobs[1].shared[0].text=S");
    Path aside = copies.output().resolve("compared/a/seed-1/end.stale-1");
    Artefact.remove(aside.resolve("copy"));
    copies.run(true, STUDY, "jobs[1].shared[0].text=S");
    assertThat(copies.ran()).isEmpty();
  }

  @Test
  void aSectionMayExtendAFileThatExtendsAnother() throws IOException {
    Files.writeString(
        directory.resolve("lower.yaml"),
        "job: pipeline\noutput: x\njobs: [{name: one, job: copy, text: a}]\n");
    Files.writeString(
        directory.resolve("upper.yaml"),
        "extends: lower.yaml\njobs: [{name: two, extends: leaf.yaml}]\n");
    Files.writeString(directory.resolve("leaf.yaml"), "job: copy\ntext: leaf\n");
    copies.run(false, "job: pipeline\nseed: 7\njobs: [{name: in, extends: upper.yaml}]\n");
    assertThat(copies.text("in/two")).isEqualTo("leaf7 ");
  }

  @Test
  void aFileThatExtendsItselfIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("below"));
    ring("ring.yaml", "job: pipeline\njobs: [{name: again, extends: below/ring.yaml}]\n");
    ring("below/ring.yaml", "job: pipeline\njobs: [{name: once, extends: ../ring.yaml}]\n");
    ring("upper.yaml", "extends: lower.yaml\n");
    ring("lower.yaml", "job: pipeline\njobs: [{name: again, extends: upper.yaml}]\n");
    for (String file : List.of("ring.yaml", "below/ring.yaml", "upper.yaml", "lower.yaml")) {
      assertThatThrownBy(
              () -> copies.configure("job: pipeline\njobs: [{name: a, extends: " + file + "}]"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(".yaml has this section itself; extend another file");
    }
  }

  private void ring(String file, String yaml) throws IOException {
    Files.writeString(directory.resolve(file), yaml);
  }
}
