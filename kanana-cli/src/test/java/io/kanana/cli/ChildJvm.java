package io.kanana.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * How a test starts a JVM with the classes and the flags of its own. A JVM keeps an archive of
 * classes for jars alone, so the module's own folders are packed first; the first child that ends
 * by itself writes the archive, and those after it start in less time.
 */
final class ChildJvm {
  private static final Path PACKED = packed();

  /** The class path of this JVM, with the folders of this module packed. */
  static final String CLASS_PATH =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .map(entry -> isOurFolder(entry) ? jarOf(entry) : entry)
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));

  private ChildJvm() {}

  /** {@code java} and all that stands before the class path. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--"))
        .forEach(command::add);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(
        List.of(
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + PACKED.resolve("classes.jsa"),
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off"));
    return command;
  }

  /** Those of other modules stay as they are: what lies beside them is looked for there. */
  private static boolean isOurFolder(Path entry) {
    return Files.isDirectory(entry)
        && entry.toAbsolutePath().startsWith(Path.of("").toAbsolutePath());
  }

  private static Path packed() {
    try {
      return Files.createDirectories(Path.of("target", "child").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jarOf(Path directory) {
    try {
      Path jar = PACKED.resolve(directory.getFileName() + ".jar");
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out);
          Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          entries.putNextEntry(
              new ZipEntry(directory.relativize(file).toString().replace('\\', '/')));
          Files.copy(file, entries);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
