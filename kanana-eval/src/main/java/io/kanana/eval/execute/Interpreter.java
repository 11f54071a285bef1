package io.kanana.eval.execute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Python that runs solutions.
 *
 * @param executable absolute
 * @param version for people: {@code 3.11.2}
 * @param readable what of this machine it must see, as absolute paths
 */
record Interpreter(Path executable, String version, List<String> readable) {
  private static final String ASK =
      "import json, sys; print(json.dumps([sys.executable, sys.version.split()[0], sys.base_prefix,"
          + " sys.prefix]))";
  private static final int PATIENCE = 60;
  private static final List<String> SYSTEM =
      List.of(
          "/usr",
          "/bin",
          "/lib",
          "/lib32",
          "/lib64",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/alternatives");

  /**
   * The first that answers: solutions run as nobody where we are root, and may not read what root
   * may.
   *
   * @param name a path, or a name that is looked for in the PATH and the usual places
   * @throws ConfigException where none does
   */
  static Interpreter find(String name) {
    List<Path> candidates =
        name.startsWith("/") ? List.of(Path.of(name)) : HostUser.programs(name).toList();
    return candidates.stream()
        .flatMap(candidate -> ask(candidate).stream())
        .findFirst()
        .orElseThrow(() -> new ConfigException("python", complaint(name, candidates)));
  }

  private static String complaint(String name, List<Path> candidates) {
    String tried = candidates.isEmpty() ? "there is none in the PATH" : "tried " + candidates;
    return name
        + ": no Python that runs and lies outside of home directories of its own ("
        + tried
        + (HostUser.isRoot() ? "; root runs solutions as nobody, who must be able to read it" : "")
        + "); install Python 3, or name another";
  }

  private static Optional<Interpreter> ask(Path candidate) {
    List<String> command = new ArrayList<>(HostUser.stepDown());
    command.addAll(List.of(candidate.toString(), "-I", "-c", ASK));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.directory(Path.of("/").toFile());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0
          ? of(new ObjectMapper().readTree(process.getInputStream().readNBytes(1 << 16)))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // the next one is tried
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<Interpreter> of(JsonNode answer) {
    Path executable = Path.of(answer.path(0).asText());
    List<String> own =
        Stream.of(answer.path(2).asText(), answer.path(3).asText())
            .filter(prefix -> !prefix.startsWith("/usr"))
            .distinct()
            .toList();
    if (own.stream().anyMatch(Interpreter::holdsHome)) {
      return Optional.empty();
    }
    List<String> readable =
        Stream.concat(SYSTEM.stream(), own.stream())
            .filter(path -> Files.exists(Path.of(path)))
            .toList();
    return Optional.of(new Interpreter(executable, answer.path(1).asText(), readable));
  }

  private static boolean holdsHome(String prefix) {
    return Path.of(System.getProperty("user.home")).startsWith(Path.of(prefix));
  }
}
