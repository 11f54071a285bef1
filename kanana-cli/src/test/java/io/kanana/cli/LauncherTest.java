package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher in a checkout that was built, with a Java that says what it was started with and a
 * Maven that only leaves what a build leaves.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("kanana.root", ".."));
  private static final List<String> COMMANDS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "kill",
          "ln",
          "locale",
          "mkdir",
          "mv",
          "ps",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "tail",
          "tee",
          "touch");

  private static final String JAVA =
      """
      #!/usr/bin/env bash
      for argument; do
        case $argument in -XX:AOTCacheOutput=*)
          [ -z "${KILLED:-}" ] || { kill -9 $(ps -o ppid= -p "$PPID") "$PPID"; exit; }
          : >"${argument#*=}"
          exit ;;
        esac
      done
      printf '%s\\n' "$@" "LC_ALL=${LC_ALL:-}"
      { echo "to descriptor 3" >&3; } 2>/dev/null || exit 0
      """;

  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      echo "[INFO] Building kanana-core 1  [1/9]"
      printf %s "$PWD/kanana-core/target/core.jar" >kanana-cli/target/class-path
      """;

  @TempDir Path directory;

  private Path checkout;
  private Path tools;

  private record Result(int status, List<String> out, List<String> err) {}

  @BeforeEach
  void build() throws Exception {
    checkout = directory.resolve("a checkout, 체크아웃");
    tools = Files.createDirectory(directory.resolve("tools"));
    for (String command : COMMANDS) {
      link(command);
    }
    script(directory.resolve("jdk/bin/java"), JAVA);
    script(directory.resolve("jdk/bin/javac"), "");
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(tools.resolve("mvn"), MAVEN);
    for (String folder : List.of("kanana-core/src/main", "kanana-cli/target")) {
      Files.createDirectories(checkout.resolve(folder));
    }
    Files.writeString(checkout.resolve("pom.xml"), "<kanana.jvm>--flag-of-tests</kanana.jvm>\n");
    Files.writeString(checkout.resolve("kanana-core/pom.xml"), "");
    Files.copy(
        ROOT.resolve("kanana"), checkout.resolve("kanana"), StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(run("--version").status()).isZero();
  }

  private void link(String command) throws IOException {
    for (String place : System.getenv("PATH").split(":", -1)) {
      Path file = Path.of(place, command);
      if (Files.isExecutable(file)) {
        Files.createSymbolicLink(tools.resolve(command), file.toRealPath());
        return;
      }
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Path state(String name) {
    return checkout.resolve("target/launcher").resolve(name);
  }

  private Result run(String... arguments) throws Exception {
    return run(Map.of(), command(checkout.resolve("kanana"), arguments));
  }

  private static List<String> command(Path kanana, String... arguments) {
    List<String> command = new ArrayList<>(List.of(kanana.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** With no other variable than these and what it takes. */
  private Result run(Map<String, String> variables, List<String> command) throws Exception {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("KANANA_JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().putAll(variables);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }

  @Test
  void startsWhatWasBuiltWithoutBuildingAgain() throws Exception {
    Result result = run("generate", "한 글", "*");
    assertThat(result.status()).isZero();
    assertThat(result.err()).containsExactly("to descriptor 3");
    assertThat(result.out())
        .startsWith("@" + state("java.args"), "-XX:AOTCache=" + state("classes.aot"))
        .containsSubsequence("io.kanana.cli.Main", "generate", "한 글", "*");
    assertThat(state("java.args"))
        .content()
        .startsWith("--flag-of-tests\n")
        .contains("-cp\n\"" + checkout + "/kanana-cli/target/kanana-cli.jar:" + checkout);
    assertThat(state("classes.aot")).exists();
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    Files.writeString(checkout.resolve("kanana-core/src/main/New.java"), "");
    Files.setLastModifiedTime(
        checkout.resolve("kanana-cli/target/class-path"),
        java.nio.file.attribute.FileTime.fromMillis(0));
    assertThat(run("list").err()).contains("  [1/9]   kanana-core", "to descriptor 3");
    assertThat(run("list").err()).containsExactly("to descriptor 3");
  }

  @Test
  void isPreparedAgainWhenItIsNewerItself() throws Exception {
    Files.writeString(state("java.args"), "--flag-of-an-older-launcher\n");
    Files.setLastModifiedTime(
        checkout.resolve("kanana"), java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
    assertThat(run("list").err()).containsExactly("to descriptor 3");
    assertThat(state("java.args")).content().startsWith("--flag-of-tests\n");
  }

  @Test
  void startsThroughALinkFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("k"), checkout.resolve("kanana"));
    Path second = Files.createSymbolicLink(directory.resolve("tools/second"), Path.of("../k"));
    assertThat(run(Map.of(), command(link, "list")).out()).contains("@" + state("java.args"));
    assertThat(run(Map.of(), command(second, "list")).out()).contains("@" + state("java.args"));
  }

  @Test
  void aCheckoutThatWasMovedIsBuiltAgain() throws Exception {
    Path moved = directory.resolve("moved");
    Files.move(checkout, moved);
    checkout = moved;
    Result result = run("list");
    assertThat(result.err()).contains("  [1/9]   kanana-core");
    assertThat(result.out()).contains("@" + state("java.args"));
    assertThat(state("java.args"))
        .content()
        .contains(moved.toString())
        .doesNotContain("a checkout");
    assertThat(run("list").err()).containsExactly("to descriptor 3");
  }

  @Test
  void aKillBeforeTheClassesAreKeptIsMadeUpFor() throws Exception {
    Files.delete(state("java.args"));
    Files.delete(state("classes.aot"));
    List<String> list = command(checkout.resolve("kanana"), "list");
    assertThat(run(Map.of("KILLED", "yes"), list).status()).isNotZero();
    assertThat(run("list").status()).isZero();
    assertThat(state("classes.aot")).exists();
  }

  @Test
  void needsNoHome() throws Exception {
    Map<String, String> nothing = Map.of("KANANA_JAVA_HOME", "");
    Result result = run(nothing, command(checkout.resolve("kanana"), "list"));
    assertThat(result.err()).noneMatch(line -> line.contains("unbound variable"));
  }

  @Test
  void tellsErrorsWhereItsOwnLogCannotBeWritten() throws Exception {
    Files.deleteIfExists(state("stderr.log"));
    Files.createDirectory(state("stderr.log"));
    Result result = run("list");
    assertThat(result.err()).containsExactly("to descriptor 3");
    assertThat(result.out()).contains("-Dkanana.stderr=3");
  }

  @Test
  void startsWithAClosedStandardErrorToo() throws Exception {
    List<String> closed = List.of("bash", "-c", "exec \"$0\" list 2>&-", checkout + "/kanana");
    Result result = run(Map.of(), closed);
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("-Dkanana.stderr=3", "list");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void theEncodingIsUtf8WhateverTheLocaleIsCalled() throws Exception {
    List<String> list = command(checkout.resolve("kanana"), "list");
    assertThat(run(Map.of("LANG", "xx_XX.UTF-8"), list).out()).contains("LC_ALL=C.UTF-8");
    assertThat(run(Map.of("LC_ALL", "C"), list).out()).contains("LC_ALL=C.UTF-8");
  }

  @Test
  void jarsOfOnesOwnAreAdded() throws Exception {
    List<String> list = command(checkout.resolve("kanana"), "list");
    assertThat(run(Map.of("KANANA_CLASSPATH", "my jar.jar:b/*"), list).out())
        .containsSubsequence(
            "-cp",
            "%1$s/kanana-cli/target/kanana-cli.jar:%1$s/kanana-core/target/core.jar:my jar.jar:b/*"
                .formatted(checkout),
            "io.kanana.cli.Main");
  }

  /** Without flock as well, where a lock is a file with the number of its owner. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitsForAnotherBuildAndSaysSo(boolean flock) throws Exception {
    prepareToBuild(flock);
    String hold =
        flock
            ? "echo 77 >\"$1\"/build.lock; flock \"$1\"/build.lock sleep 0.4 &"
            : "sleep 0.4 & echo $! >\"$1\"/build.pid;";
    Result result =
        run(
            Map.of(),
            List.of(
                "bash",
                "-c",
                hold + " sleep 0.1; \"$0\" list",
                checkout + "/kanana",
                state("").toString()));
    assertThat(result.err())
        .anyMatch(line -> line.matches("waiting for another build \\(process \\d+\\)"))
        .contains("  [1/9]   kanana-core", "to descriptor 3");
    assertThat(result.status()).isZero();
    assertThat(state("build.pid")).doesNotExist();
  }

  /** That of a process which is gone, and its own, as the first process of every container. */
  @ParameterizedTest
  @ValueSource(strings = {"999999999", "$$"})
  void takesOverALockWhoseOwnerIsGone(String owner) throws Exception {
    prepareToBuild(false);
    String leave = "echo " + owner + " >\"$1\"/build.pid; exec \"$0\" list";
    Result result =
        run(Map.of(), List.of("bash", "-c", leave, checkout + "/kanana", state("").toString()));
    assertThat(result.err()).contains("  [1/9]   kanana-core", "to descriptor 3");
    assertThat(state("").toFile().list())
        .noneMatch(name -> name.startsWith("build.") || name.startsWith("stale."));
  }

  private void prepareToBuild(boolean flock) throws IOException {
    if (!flock) {
      Files.deleteIfExists(tools.resolve("flock"));
    }
    Files.deleteIfExists(state("build.lock"));
    Files.delete(checkout.resolve("kanana-cli/target/class-path"));
  }

  @Test
  void saysWhyABuildFailed() throws Exception {
    prepareToBuild(true);
    script(tools.resolve("mvn"), "#!/usr/bin/env bash\necho '[ERROR] no such symbol'; exit 1\n");
    Result result = run("list");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("[ERROR] no such symbol")
        .last()
        .asString()
        .startsWith("error: the build failed; all of it is in ");
  }
}
