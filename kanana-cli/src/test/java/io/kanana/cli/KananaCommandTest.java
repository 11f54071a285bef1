package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KananaCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("nap.yaml");
    Files.writeString(file, "job: nap\noutput: '" + directory.resolve("out") + "'\n");
  }

  private int execute(String... arguments) {
    CommandLine command =
        KananaCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  private List<String> errors() {
    return err.toString().lines().toList();
  }

  @Test
  void helpAndVersion() {
    assertThat(execute("--help")).isZero();
    assertThat(execute()).isZero();
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).contains("Usage: kanana", "run", "list", "inspect", "Java 25");
  }

  @Test
  void dryRunPrintsTheResolvedConfigurationAndDoesNothing() {
    assertThat(execute("run", file.toString(), "--dry-run", "--set", "naps=3")).isZero();
    assertThat(out.toString()).contains("job: nap\n", "naps: 3\n", "end: well\n", "naps  3");
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void runKeepsTheConfigurationAndRefusesToRunOverIt() {
    assertThat(execute("run", file.toString())).isZero();
    assertThat(directory.resolve("out/config.yaml")).content().contains("naps: 1");
    assertThat(execute("run", file.toString())).isEqualTo(2);
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("error: output: ")
        .contains("--resume");
    assertThat(execute("run", file.toString(), "--resume")).isZero();
  }

  @Test
  void everyProblemOfAConfigurationIsOneLine() {
    int status =
        execute(
            "run", file.toString(), "--set", "naps=0", "--set", "sed=2", "--set", "end=bda-data");
    assertThat(status).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: sed: unknown key (its value is 2); did you mean seed?",
            "error: end: must be one of well, bad-data, bug, got \"bda-data\"; did you mean bad-data?",
            "error: naps: must be > 0, got 0");
  }

  @Test
  void aMistakeOfTheUserIsOneLineAndABugIsATrace() {
    assertThat(execute("run", file.toString(), "--set", "end=bad-data")).isEqualTo(3);
    assertThat(errors())
        .containsExactly("error: docs.jsonl, line 3: no field text; name the field");
    assertThat(execute("run", file.toString(), "--set", "end=bug", "--resume")).isEqualTo(70);
    assertThat(err.toString())
        .contains("IllegalStateException: a broken invariant", "\tat io.kanana.cli.NapJob.run")
        .contains("this is a bug in kanana");
  }

  @Test
  void usageMistakesSayWhatToTry() {
    assertThat(execute("rnu", "x")).isEqualTo(2);
    assertThat(errors()).contains("did you mean run?", "try: kanana --help");
    assertThat(execute("run")).isEqualTo(2);
    assertThat(errors()).contains("error: Missing required parameter: 'FILE'");
  }

  @Test
  void listNamesJobsAndExtensionsWithTheirKeys() {
    assertThat(execute("list", "nap")).isZero();
    assertThat(out.toString().lines())
        .startsWith(
            "job nap - Sleeps a little.",
            "  output  path",
            "  seed    whole number = 1",
            "  naps    whole number = 1",
            "  end     well | bad-data | bug = \"well\"")
        .anyMatch(line -> line.startsWith("  in ") && line.contains("test-classes"));
  }

  @Test
  void listNamesTheBackEndsAndWhatKeepsThemFromRunning() {
    assertThat(execute("list", "backend")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.equals("backend cpu - Can run here."))
        .anyMatch(line -> line.startsWith("backend nd4j - Can"));
  }

  @Test
  void listRefusesANameThatNothingHas() {
    assertThat(execute("list", "naap")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: naap: is no job, extension, back end or kind of them; did you mean nap?");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aJarWhoseCommandIsNotThereIsNamed() throws Exception {
    Path jar = directory.resolve("jar");
    Path services = jar.resolve("META-INF/services/io.kanana.core.extension.CommandExtension");
    Files.createDirectories(services.getParent());
    Files.writeString(services, "com.example.NoCommand\n");
    List<String> options = List.of("-Xbootclasspath/a:" + jar, "-Xshare:off");
    try (CommandProcess process = CommandProcess.start(jar, options, List.of("list"))) {
      process
          .result()
          .assertRefusedWith(
              2, "CommandExtension: Provider com.example.NoCommand not found in file:");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theFirstSignalStopsInOrderAndTheExitStatusTells() throws Exception {
    assertThat(signalled("INT")).isEqualTo(130);
    assertThat(signalled("TERM")).isEqualTo(143);
  }

  private int signalled(String signal) throws Exception {
    Process process = start("run", file.toString(), "--resume", "--set", "naps=100000");
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(reader.readLine()).isEqualTo("nap 0");
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertThat(reader.lines().toList())
          .contains("stopping at the next safe point; once more ends at once", "awake")
          .last()
          .asString()
          .startsWith("stopped; add --resume");
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static Process start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(DefaultSignals.command(command))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
