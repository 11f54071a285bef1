package io.kanana.eval.execute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private static final int LONGEST_ANSWER = 1 << 16;
  private static final List<String> SYSTEM =
      List.of(
          "/usr",
          "/bin",
          "/lib",
          "/lib32",
          "/lib64",
          "/nix/store",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/alternatives");

  /**
   * The first that answers: solutions run as nobody where we are root, and may not read what root
   * may.
   *
   * @param name a path, or a name that is looked for in the PATH and the usual places
   * @throws ConfigException where none does, which says why each was not taken
   */
  static Interpreter find(String name) {
    List<Path> candidates =
        name.startsWith("/") ? List.of(Path.of(name)) : HostUser.programs(name).toList();
    List<String> refused = new ArrayList<>();
    for (Path candidate : candidates) {
      try {
        return of(ask(candidate));
      } catch (IOException e) {
        refused.add(candidate + ": " + e.getMessage());
      }
    }
    String why =
        refused.isEmpty() ? "there is none in the PATH" : "tried " + String.join("; ", refused);
    String nobody = HostUser.isRoot() ? "; root runs solutions as nobody, who must be able to" : "";
    throw new ConfigException(
        "python",
        name
            + ": no Python 3 that can be used ("
            + why
            + nobody
            + "); install it, or name another");
  }

  private static JsonNode ask(Path candidate) throws IOException {
    List<String> command = new ArrayList<>(HostUser.stepDown());
    command.addAll(List.of(candidate.toString(), "-I", "-c", ASK));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.directory(Path.of("/").toFile());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("says nothing for " + PATIENCE + " seconds");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new DataException("the search for Python was interrupted", e);
    }
    String said =
        new String(process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(said.lines().findFirst().orElse("fails"));
    }
    return new ObjectMapper().readTree(said);
  }

  private static Interpreter of(JsonNode answer) throws IOException {
    Path executable = Path.of(answer.path(0).asText());
    List<String> own =
        Stream.of(answer.path(2).asText(), answer.path(3).asText())
            .filter(prefix -> !prefix.startsWith("/usr"))
            .distinct()
            .toList();
    if (own.stream().anyMatch(Interpreter::holdsHome)) {
      throw new IOException("its directory, " + own + ", holds the home directory");
    }
    List<String> readable =
        Stream.concat(SYSTEM.stream(), own.stream())
            .filter(path -> Files.exists(Path.of(path)))
            .toList();
    return new Interpreter(executable, answer.path(1).asText(), readable);
  }

  private static boolean holdsHome(String prefix) {
    return Path.of(System.getProperty("user.home")).startsWith(Path.of(prefix));
  }
}
