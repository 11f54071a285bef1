package io.kanana.eval.execute;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a sandbox is made: {@code unshare} makes the namespaces, {@code jail.py} all the rest. Root
 * becomes nobody before, so that there is one way for all users. Safe for use by several threads.
 *
 * @param unshare of util-linux
 */
record Jail(Interpreter python, Limits limits, Path unshare) {
  private static final int GRACE_SECONDS = 10;
  private static final int OPEN_FILES = 64;
  private static final int FILES = 1024;

  /** Processes of the sandbox itself, which count as well. */
  private static final int OWN_PROCESSES = 2;

  static Jail of(Interpreter python, Limits limits) {
    return new Jail(
        python,
        limits,
        HostUser.programs("unshare")
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "", "running code needs the program unshare; install util-linux")));
  }

  /** The same with other limits. */
  Jail with(Limits other) {
    return new Jail(python, other, unshare);
  }

  /** Starts a program that is the concatenation of some of the scripts beside this class. */
  Jailed start(String... scripts) {
    return new Jailed(process(scripts), limits.wallSeconds() + GRACE_SECONDS);
  }

  Process process(String... scripts) {
    StringBuilder program = new StringBuilder();
    for (String script : scripts) {
      program.append(script(script)).append('\n');
    }
    ProcessBuilder builder = new ProcessBuilder(command(program.toString()));
    builder.environment().clear();
    builder.directory(Path.of("/").toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DataException("running code: no process can be started: " + Reason.of(e), e);
    }
  }

  private List<String> command(String program) {
    List<String> command = new ArrayList<>(HostUser.stepDown());
    command.addAll(
        List.of(unshare.toString(), "--user", "--map-root-user", "--mount", "--pid", "--fork"));
    command.addAll(List.of("--kill-child", "--net", "--ipc", "--uts", "--cgroup", "--"));
    command.addAll(List.of(python.executable().toString(), "-I", "-S", "-c", script("jail.py")));
    command.addAll(List.of(settings(), program));
    return command;
  }

  private String settings() {
    ObjectNode settings = new ObjectMapper().createObjectNode();
    settings.put("python", python.executable().toString());
    python.readable().forEach(settings.putArray("readable")::add);
    settings.put("cpuSeconds", limits.cpuSeconds());
    settings.put("wallSeconds", limits.wallSeconds());
    settings.put("memoryBytes", limits.memoryBytes());
    settings.put("addressBytes", limits.addressBytes());
    settings.put("processes", limits.processes() + OWN_PROCESSES);
    settings.put("scratchBytes", limits.scratchBytes());
    settings.put("openFiles", OPEN_FILES);
    settings.put("files", FILES);
    return settings.toString();
  }

  private static String script(String name) {
    try (InputStream in = Jail.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
