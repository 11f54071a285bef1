package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed, stopped or starved ends as the undisturbed one, once it is resumed. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedRunTest {
  @TempDir static Path directory;

  private static TinyRun undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    undisturbed = TinyRun.in(directory.resolve("undisturbed"));
    undisturbed.run().assertSucceeded();
  }

  @Test
  void killedAtManyMoments() throws Exception {
    TinyRun run = TinyRun.in(directory.resolve("killed"));
    killWhen(run, () -> holds(run, "tokenizer"));
    killWhen(run, () -> holds(run, "tokens"));
    int duringWrites = 0;
    for (long lines : randomMoments()) {
      killWhen(run, () -> run.metricsLines() >= lines && run.isWritingCheckpoint());
      duringWrites += run.isWritingCheckpoint() ? 1 : 0;
    }
    killWhen(run, () -> holds(run, ".model"));
    run.run("--resume").assertSucceeded();
    assertThat(duringWrites).as("kills in the middle of a checkpoint").isPositive();
    run.assertSameAs(undisturbed);
  }

  /** Where metrics and events are ahead of the checkpoint, and the resumed run goes back. */
  @Test
  void killedBetweenCheckpoints() throws Exception {
    String seldom = "checkpoint.every={steps: 5}";
    TinyRun whole = TinyRun.in(directory.resolve("seldom"));
    whole.run(seldom).assertSucceeded();
    TinyRun run = TinyRun.in(directory.resolve("killed-between"));
    int ahead = 0;
    for (long lines : List.of(2L, 5L, 8L, 14L)) {
      killWhen(run, () -> run.metricsLines() >= lines, seldom);
      ahead += run.metricsLines() > run.newestCheckpoint() ? 1 : 0;
    }
    assertThat(ahead).as("kills after steps that no checkpoint holds").isPositive();
    run.run("--resume", seldom).assertSucceeded();
    run.assertSameAs(whole);
  }

  /** Lines of the metrics file after which to kill, rising. */
  private static List<Long> randomMoments() {
    RandomKey key = RandomKey.of(11);
    List<Long> moments = new ArrayList<>();
    for (long line = 1; line < TinyRun.STEPS; line += 4) {
      moments.add(line + key.below(line, 4));
    }
    return moments;
  }

  private static boolean holds(TinyRun run, String prefix) {
    String[] children = run.output().toFile().list();
    return children != null
        && List.of(children).stream()
            .anyMatch(name -> name.startsWith(prefix) || name.startsWith("." + prefix));
  }

  private static void killWhen(TinyRun run, BooleanSupplier moment, String... assignments)
      throws Exception {
    String[] resumed =
        Stream.concat(Stream.of("--resume"), Stream.of(assignments)).toArray(String[]::new);
    try (CommandProcess process = run.start(resumed)) {
      assertThat(process.reaches(moment)).as("the run lives until then").isTrue();
      process.kill();
    }
  }

  @Test
  void stoppedInOrder() throws Exception {
    TinyRun run = TinyRun.in(directory.resolve("stopped"));
    stop(run);
    assertThat(run.file("model")).doesNotExist();
    run.run("--resume").assertSucceeded();
    run.assertSameAs(undisturbed);
  }

  /** With digits of its own, which a file name or a format must not take. */
  @Test
  void inAnotherLocale() throws Exception {
    TinyRun run = TinyRun.in(directory.resolve("locale"));
    List<String> egypt = List.of("-Duser.language=ar", "-Duser.country=EG");
    try (CommandProcess process =
        CommandProcess.start(run.directory(), egypt, List.of("run", "tiny.yaml"))) {
      process.result().assertSucceeded();
    }
    assertThat(run.file("tokens/train/00000.tokens")).exists();
    run.assertSameAs(undisturbed);
  }

  private static void stop(TinyRun run) throws Exception {
    try (CommandProcess process = run.start()) {
      assertThat(process.reaches(() -> run.metricsLines() >= 4)).isTrue();
      process.interrupt();
      CommandProcess.Result result = process.result();
      assertThat(result.status()).isEqualTo(130);
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).last().asString().startsWith("stopped; add --resume");
    }
  }
}
