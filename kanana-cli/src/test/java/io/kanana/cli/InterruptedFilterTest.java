package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A cascade that is killed or stopped ends as the undisturbed one, once it is resumed. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedFilterTest {
  private static final String CONFIG =
      """
      job: filter
      output: out
      data:
        documents: [{type: miniature-web, documents: 3000}]
      shards: {bytes: 30000}
      steps:
        - {type: length, min-characters: 150}
        - {type: sample, keep: 0.7}
      """;

  @TempDir static Path directory;

  private static Path undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    undisturbed = place("undisturbed");
    finish(undisturbed, "run", "filter.yaml");
  }

  private static Path place(String name) throws IOException {
    Path place = Files.createDirectories(directory.resolve(name));
    Files.writeString(place.resolve("filter.yaml"), CONFIG);
    return place;
  }

  private static void finish(Path place, String... arguments) throws Exception {
    try (CommandProcess process = CommandProcess.start(place, List.of(arguments))) {
      process.result().assertSucceeded();
    }
  }

  /** Shards that are finished by now. */
  private static int shards(Path place) {
    String[] children = place.resolve("out/work/stage-0").toFile().list();
    return children == null
        ? 0
        : (int) List.of(children).stream().filter(name -> !name.startsWith(".")).count();
  }

  @Test
  void killedAtSeveralMoments() throws Exception {
    Path place = place("killed");
    for (int shards : List.of(1, 8, 20)) {
      killWhen(place, () -> shards(place) >= shards);
      assertThat(place.resolve("out/kept")).doesNotExist();
    }
    finish(place, "run", "filter.yaml", "--resume");
    assertSame(place);
  }

  private static void killWhen(Path place, BooleanSupplier moment) throws Exception {
    List<String> arguments = List.of("run", "filter.yaml", "--resume");
    try (CommandProcess process = CommandProcess.start(place, arguments)) {
      assertThat(process.reaches(moment)).as("the run lives until then").isTrue();
      process.kill();
    }
  }

  @Test
  void stoppedInOrder() throws Exception {
    Path place = place("stopped");
    try (CommandProcess process = CommandProcess.start(place, List.of("run", "filter.yaml"))) {
      assertThat(process.reaches(() -> shards(place) >= 4)).isTrue();
      process.interrupt();
      CommandProcess.Result result = process.result();
      assertThat(result.status()).isEqualTo(130);
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).last().asString().startsWith("stopped; add --resume");
    }
    assertThat(place.resolve("out/kept")).doesNotExist();
    finish(place, "run", "filter.yaml", "--resume");
    assertSame(place);
  }

  private static void assertSame(Path place) throws IOException {
    for (String artefact : List.of("kept", "dropped")) {
      List<String> names = documents(undisturbed.resolve("out").resolve(artefact));
      assertThat(documents(place.resolve("out").resolve(artefact))).isEqualTo(names).isNotEmpty();
      for (String name : names) {
        assertThat(place.resolve("out").resolve(artefact).resolve(name))
            .hasSameBinaryContentAs(undisturbed.resolve("out").resolve(artefact).resolve(name));
      }
    }
    assertThat(place.resolve("out/work")).doesNotExist();
  }

  private static List<String> documents(Path artefact) {
    List<String> names = new ArrayList<>(List.of(artefact.toFile().list()));
    names.removeIf(name -> !name.endsWith(".jsonl.zst"));
    names.sort(null);
    return names;
  }
}
