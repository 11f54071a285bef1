package io.kanana.eval.execute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who we are on this machine, and where its programs lie. */
final class HostUser {
  /** Nobody: what root becomes before anything else. */
  private static final String NOBODY = "65534";

  private static final List<String> USUAL_PLACES =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

  private HostUser() {}

  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException _) {
      return false; // not Linux, which is said elsewhere
    }
  }

  /** All programs of a name, those of the PATH first. */
  static Stream<Path> programs(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":")), USUAL_PLACES.stream())
        .filter(directory -> directory.startsWith("/"))
        .distinct()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable);
  }

  /** The beginning of a command that runs the rest without root's powers. */
  static List<String> stepDown() {
    if (!isRoot()) {
      return List.of();
    }
    return List.of(
        programs("setpriv").findFirst().map(Path::toString).orElse("/usr/bin/setpriv"),
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups",
        "--inh-caps=-all",
        "--");
  }
}
