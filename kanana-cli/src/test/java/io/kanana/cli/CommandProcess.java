package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The command in a JVM of its own, with the flags of this one: what only a process can show, such
 * as exit statuses, signals and kills.
 */
final class CommandProcess implements AutoCloseable {
  /** How a command ended and what it printed. */
  record Result(int status, List<String> out, List<String> err) {
    /**
     * Checks for a mistake of the user: the exit status, and nothing on standard error but this.
     */
    void assertRefused(int expected, String... errors) {
      assertThat(err).as("status %s, standard error", status).containsExactly(errors);
      assertThat(status).isEqualTo(expected);
    }

    /** The same for one line whose parts are known. */
    void assertRefusedWith(int expected, String... parts) {
      assertThat(err).as("status %s, standard error", status).hasSize(1);
      assertThat(err.getFirst()).startsWith("error: ").contains(parts);
      assertThat(status).isEqualTo(expected);
    }

    void assertSucceeded() {
      assertThat(err).isEmpty();
      assertThat(status).isZero();
    }
  }

  private static final long LONGEST_SECONDS = 120;
  private static final String INCUBATOR = "WARNING: Using incubator modules";

  private final Process process;
  private final Path out;
  private final Path err;

  private CommandProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command in a working directory, beside which its output is kept. */
  static CommandProcess start(Path directory, List<String> arguments) throws IOException {
    return start(directory, List.of(), arguments);
  }

  /** The same with more options of the JVM. */
  static CommandProcess start(Path directory, List<String> options, List<String> arguments)
      throws IOException {
    return start(directory, options, System.getProperty("java.class.path"), arguments);
  }

  /** The same with a jar of somebody's own on the class path. */
  static CommandProcess startWith(Path jar, Path directory, List<String> arguments)
      throws IOException {
    String classPath = System.getProperty("java.class.path") + File.pathSeparator + jar;
    return start(directory, List.of(), classPath, arguments);
  }

  private static CommandProcess start(
      Path directory, List<String> options, String classPath, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--"))
        .forEach(command::add);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    command.addAll(arguments);
    Path out = Files.createTempFile(directory.toAbsolutePath().getParent(), "out", ".txt");
    Path err = Files.createTempFile(directory.toAbsolutePath().getParent(), "err", ".txt");
    Process process =
        new ProcessBuilder(DefaultSignals.command(command))
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new CommandProcess(process, out, err);
  }

  /** Waits until something holds; false if the process ended before it did. */
  boolean reaches(BooleanSupplier moment) throws InterruptedException {
    while (!moment.getAsBoolean()) {
      if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** SIGKILL, which no program can answer. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** What Ctrl-C sends. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Whether a line of standard output has this in it by now. */
  boolean hasPrinted(String text) {
    return lines(out).stream().anyMatch(line -> line.contains(text));
  }

  /** Waits for the end. */
  Result result() throws InterruptedException {
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    List<String> errors = lines(err).stream().filter(line -> !line.startsWith(INCUBATOR)).toList();
    return new Result(process.exitValue(), lines(out), errors);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves no process behind. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
