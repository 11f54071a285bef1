package io.kanana.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;

import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {
  @TempDir Path directory;

  private final SleepJob sleep = new SleepJob();
  private final Jobs jobs =
      Jobs.of(List.of(sleep), SleepJob.EXTENSIONS, JobsTest.class.getClassLoader());

  private ConfiguredJob<?> configure(String yaml, String... assignments) throws IOException {
    Path file = Files.writeString(directory.resolve("job.yaml"), yaml);
    return jobs.configure(file, List.of(assignments));
  }

  private SleepJob.Config config(String yaml, String... assignments) throws IOException {
    return (SleepJob.Config) configure(yaml, assignments).config();
  }

  @Test
  void laysTheFileOverTheDefaultsAndAssignmentsOverBoth() throws IOException {
    SleepJob.Config config =
        config(
            "job: sleep\noutput: a\nseed: 2\n",
            "seed=3",
            "naps[1].minutes=7",
            "naps[2]={minutes: 9}");
    assertThat(config.output()).isEqualTo(Path.of("a"));
    assertThat(config.seed()).isEqualTo(3);
    assertThat(config.naps()).extracting(SleepJob.Nap::minutes).containsExactly(10, 7, 9);
    assertThat(config.pillow()).isEqualTo(new SleepJob.Feather(400));
  }

  @Test
  void anotherChoiceReplacesTheEarlierOneWhole() throws IOException {
    SleepJob.Config config =
        config(
            "job: sleep\noutput: a\nuntil: {dawn: 6}\n", "pillow.colour=grey", "pillow.type=stone");
    assertThat(config.pillow()).isEqualTo(new SleepJob.Stone("grey"));
    assertThat(config.until().steps()).isEmpty();
    assertThat(config.until().dawn()).hasValue(6);
    assertThat(config("job: sleep\noutput: a\n", "until.dawn=7").until().steps()).isEmpty();
  }

  @Test
  void soItDoesWithinAnOpenPart() throws IOException {
    String yaml = "job: sleep\noutput: a\npillow: {type: water, fresh: {steps: 5}}\n";
    SleepJob.Water seven =
        new SleepJob.Water(new SleepJob.Until(OptionalLong.empty(), OptionalLong.of(7)));
    assertThat(config(yaml, "pillow={fresh: {dawn: 7}}").pillow()).isEqualTo(seven);
    assertThat(config(yaml, "pillow.fresh={dawn: 7}").pillow()).isEqualTo(seven);
    assertThat(config(yaml, "pillow.fresh.dawn=7").pillow()).isEqualTo(seven);
  }

  @Test
  void anAssignmentHasAValue() {
    for (String assignment : List.of("seed=", "pillow= ", "until=# five")) {
      String path = assignment.substring(0, assignment.indexOf('='));
      assertThatThrownBy(() -> configure("job: sleep\noutput: a\n", assignment))
          .isInstanceOf(ConfigException.class)
          .hasMessage(path + ": has no value; give one, or leave the key out (--set, line 1)");
    }
  }

  @Test
  void extendsOneOtherFile() throws IOException {
    Files.writeString(directory.resolve("base.yaml"), "job: sleep\nseed: 8\noutput: base\n");
    assertThat(config("extends: base.yaml\noutput: a\n").seed()).isEqualTo(8);
    assertThat(config("extends: defaults/sleep\njob: sleep\noutput: a\n").seed()).isEqualTo(1);
    Files.writeString(directory.resolve("middle.yaml"), "extends: base.yaml\n");
    assertThatThrownBy(() -> configure("job: sleep\nextends: middle.yaml\noutput: a\n"))
        .hasMessageContaining("middle.yaml extends another file itself");
    assertThatThrownBy(() -> configure("job: sleep\nextends: none.yaml\noutput: a\n"))
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> configure("job: sleep\nextends: defaults/none\noutput: a\n"))
        .hasMessageContaining("there are no defaults/none");
  }

  @Test
  void reportsTheProblemsOfAllLayersTogether() {
    assertThatThrownBy(
            () ->
                configure(
                    "job: sleep\nseed: ten\nnaps: [{minutes: 0}, {}]\npilow: {type: feather}\n",
                    "until",
                    "seed.x=1",
                    "naps[7].minutes=1"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Object::toString)
                    .containsExactly(
                        "--set until: must be path=value, such as train.seed=1",
                        "--set seed.x: seed holds \"ten\", not a section",
                        "--set naps[7].minutes: naps has 2 elements, so there is no 7",
                        "pilow: unknown key (its value is {\"type\":\"feather\"}); did you mean pillow?",
                        "output: is missing; give a path",
                        "seed: must be a whole number of at most 64 bits, got \"ten\"",
                        "naps[0].minutes: must be > 0, got 0",
                        "naps[1].minutes: is missing; give a whole number of at most 2147483647"));
  }

  @Test
  void namesTheJobsThatExist() {
    assertThatThrownBy(() -> configure("job: slep\n"))
        .hasMessage("job: unknown job slep; did you mean sleep?");
    assertThatThrownBy(() -> configure("seed: 1\n")).hasMessage("job: is missing; known: sleep");
    assertThatThrownBy(
            () -> Jobs.of(List.of(sleep, sleep), SleepJob.EXTENSIONS, getClass().getClassLoader()))
        .hasMessageContaining("job sleep: is defined twice");
  }

  @Test
  void theResolvedConfigurationIsTheSameRun() throws IOException {
    ConfiguredJob<?> first =
        configure("job: sleep\noutput: a\n", "pillow={type: stone, colour: 'no'}");
    ConfiguredJob<?> second = configure(first.configYaml());
    assertThat(second.config()).isEqualTo(first.config());
    assertThat(Yaml.read(second.configYaml())).isEqualTo(Yaml.read(first.configYaml()));
  }

  @Test
  void keepsTheConfigurationAndNeverOverwritesARun() throws IOException {
    Path output = directory.resolve("deep/out");
    ConfiguredJob<?> job = configure("job: sleep\noutput: '" + output + "'\n");
    Cancellation cancellation = new Cancellation();
    job.run(false, Progress.SILENT, Clock.systemUTC(), cancellation);
    assertThat(output.resolve("config.yaml")).hasContent(job.configYaml());
    assertThat(sleep.runs.getLast().resume()).isFalse();
    assertThatThrownBy(() -> job.run(false, Progress.SILENT, Clock.systemUTC(), cancellation))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not empty; add --resume");
    job.run(true, Progress.SILENT, Clock.systemUTC(), cancellation);
    assertThat(sleep.runs.getLast().resume()).isTrue();
  }

  @Test
  void aRunThatIsRefusedLeavesTheConfigurationAsItWas() throws IOException {
    String yaml = "job: sleep\noutput: '" + directory.resolve("out") + "'\n";
    ConfiguredJob<?> first = configure(yaml);
    first.run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    sleep.during = context -> assertThat(kept()).isEqualTo(first.configYaml());
    configure(yaml, "seed=2").run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    assertThat(kept()).contains("seed: 2");
    sleep.during = context -> refuse();
    ConfiguredJob<?> refused = configure(yaml, "seed=3");
    assertThatThrownBy(
            () -> refused.run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation()))
        .hasMessage("refused");
    assertThat(kept()).contains("seed: 2");
  }

  @Test
  void aRunThatIsRefusedBeforeItMadeAnythingCanBeginAgain() throws IOException {
    Path output = directory.resolve("out");
    ConfiguredJob<?> job = configure("job: sleep\noutput: '" + output + "'\n");
    sleep.during = context -> refuse();
    assertThatThrownBy(() -> job.run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation()))
        .hasMessage("refused");
    assertThat(output.resolve("config.yaml")).doesNotExist();
    sleep.during =
        context -> {
          contentTo(output.resolve("work"));
          refuse();
        };
    assertThatThrownBy(() -> job.run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation()))
        .hasMessage("refused");
    assertThat(output.resolve("config.yaml")).exists();
  }

  private static void refuse() {
    throw new DataException("refused");
  }

  private static void contentTo(Path file) {
    try {
      Files.writeString(file, "work");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String kept() {
    return contentOf(directory.resolve("out/config.yaml").toFile());
  }

  @Test
  void twoRunsNeverWriteToOneDirectory() throws IOException {
    Path output = directory.resolve("out");
    ConfiguredJob<?> job = configure("job: sleep\noutput: '" + output + "'\n");
    sleep.during =
        context ->
            assertThatThrownBy(
                    () -> job.run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                    "output: another run (process %d) writes to %s; wait for it, or name another directory",
                    ProcessHandle.current().pid(), output);
    job.run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    sleep.during = context -> {};
    job.run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    assertThat(sleep.runs).hasSize(2);
  }

  @Test
  void plansAreAlignedLines() throws IOException {
    assertThat(configure("job: sleep\noutput: a\n").plan())
        .hasToString("naps    2\npillow  400 g of feathers");
  }

  @Test
  void aResumedRunSaysWhatChangedInItsConfiguration() throws IOException {
    String yaml = "job: sleep\noutput: '" + directory.resolve("out") + "'\n";
    configure(yaml).run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    Told progress = new Told();
    configure(yaml).run(true, progress, Clock.systemUTC(), new Cancellation());
    assertThat(progress.lines()).isEmpty();
    configure(yaml, "seed=2", "naps=[{minutes: 10}]")
        .run(true, progress, Clock.systemUTC(), new Cancellation());
    assertThat(progress.lines())
        .containsExactlyInAnyOrder(
            "changed since the run began: seed: 1 -> 2",
            "changed since the run began: naps[1].minutes: 20 -> nothing");
  }
}
