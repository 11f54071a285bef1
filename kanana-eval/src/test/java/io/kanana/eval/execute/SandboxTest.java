package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
  @TempDir Path directory;

  private static Jail jail() {
    return Sandboxes.sandbox().jail();
  }

  private static Stream<Guarantee> broken(Probe probe) {
    return probe.findings().stream().filter(f -> !f.held()).map(Finding::guarantee);
  }

  @Test
  void everyGuaranteeIsTried() {
    assertThat(Sandboxes.sandbox().findings())
        .allMatch(Finding::held)
        .extracting(Finding::guarantee)
        .containsExactly(Guarantee.values());
    assertThat(Sandboxes.sandbox().python()).matches("/.*python3\\S* 3\\..*");
  }

  /** The trial itself is tried: what a sandbox lacks, it finds. */
  @Test
  void filesThatAreSeenAreFound() {
    List<String> readable = new ArrayList<>(jail().python().readable());
    readable.removeIf(path -> path.startsWith("/etc"));
    readable.add("/etc");
    Interpreter seesTooMuch =
        new Interpreter(jail().python().executable(), jail().python().version(), readable);
    assertThat(broken(Probe.of(seesTooMuch))).containsExactly(Guarantee.READING);
  }

  @Test
  void limitsThatAreNotKeptAreFound() {
    Limits loose = new Limits(3, 4, 1024, 64, 64);
    assertThat(broken(new Probe(jail().with(loose), Probe.SMALL)))
        .contains(Guarantee.WRITING, Guarantee.MEMORY, Guarantee.PROCESSES)
        .doesNotContain(Guarantee.NETWORK, Guarantee.READING, Guarantee.PRIVILEGES);
  }

  @Test
  void withoutNamespacesThereIsNoSandbox() throws IOException {
    Path fake = directory.resolve("unshare");
    Files.writeString(
        fake, "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Jail jail = new Jail(jail().python(), Probe.SMALL, fake);
    List<Finding> findings = new Probe(jail, Probe.SMALL).findings();
    assertThat(findings).noneMatch(Finding::held);
    assertThatThrownBy(() -> Sandbox.of(jail, findings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no sandbox can be had here")
        .hasMessageContaining("not the first process of a process namespace");
  }

  @Test
  void aRefusalByTheSystemIsQuoted() {
    Jail jail = new Jail(jail().python(), Probe.SMALL, Path.of("/bin/false"));
    assertThat(new Probe(jail, Probe.SMALL).findings()).noneMatch(Finding::held);
  }

  @Test
  void oneGuaranteeThatDoesNotHoldIsEnoughToRefuse() {
    List<Finding> findings =
        Stream.of(Guarantee.values())
            .map(
                g ->
                    new Finding(
                        g, g != Guarantee.NETWORK, g == Guarantee.NETWORK ? "a connection" : ""))
            .toList();
    assertThatThrownBy(() -> Sandbox.of(jail(), findings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("NOT: " + Guarantee.NETWORK.promise())
        .hasMessageContaining("a connection")
        .hasMessageContaining(Guarantee.NETWORK.needs());
  }

  /** A solution that never ran is no failure of the solution. */
  @Test
  void aSandboxThatFailsLaterIsNoVerdict() {
    Interpreter gone = new Interpreter(Path.of("/usr/bin/false"), "0", jail().python().readable());
    Jail broken = new Jail(gone, Probe.SMALL, jail().unshare());
    SolutionTests tests = new SolutionTests(Sandbox.of(broken, List.of()));
    assertThatThrownBy(() -> tests.run(new Program("", "")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the sandbox cannot be set up any more");
  }

  /** As after the sudden end of the JVM. */
  @Test
  void whereNobodyListensItEnds() throws Exception {
    Process process = jail().process("idle.py");
    process.getInputStream().close();
    assertThat(process.waitFor(Sandboxes.sandbox().limits().wallSeconds() - 2, TimeUnit.SECONDS))
        .isTrue();
  }

  @Test
  void aPythonThatCannotBeUsedIsNamed() {
    assertThatThrownBy(() -> Interpreter.find("/no/such/python"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("python: /no/such/python: no Python 3 that can be used");
    assertThatThrownBy(() -> Interpreter.find("no-such-python"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is none in the PATH");
    assertThatThrownBy(() -> Interpreter.find("/bin/false"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tried /bin/false: fails");
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> new Limits(0, 1, 64, 1, 1)).hasMessageContaining("cpu-seconds");
    assertThatThrownBy(() -> new Limits(1, 0, 64, 1, 1)).hasMessageContaining("wall-seconds");
    assertThatThrownBy(() -> new Limits(1, 1, 63, 1, 1)).hasMessageContaining("memory-mib");
    assertThatThrownBy(() -> new Limits(1, 1, 64, 0, 1)).hasMessageContaining("processes");
    assertThatThrownBy(() -> new Limits(1, 1, 64, 1, 0)).hasMessageContaining("scratch-mib");
  }
}
