package io.kanana.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.extension.Extension;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A cluster on this machine: a master and two workers, each a process, on 127.0.0.1 and on ports
 * that were free.
 */
final class SparkCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final long LONGEST_MILLIS = 120_000;

  private final Path home;
  private final List<String> sparkJars;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  private SparkCluster(Path home, List<String> sparkJars) throws Exception {
    this.home = home;
    this.sparkJars = sparkJars;
    Process process = java("master", "org.apache.spark.deploy.master.Master");
    this.master = await(process, "master", () -> find(MASTER, log("master"))).group(1);
  }

  /** Starts it; what belongs to it goes to a directory. */
  static SparkCluster start(Path home) throws Exception {
    List<String> jars = List.of(list("spark-class-path").split(File.pathSeparator, -1));
    Path there = Files.createDirectories(home.resolve("jars")); // where executors look for Spark
    for (String jar : jars) {
      Files.createSymbolicLink(there.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    SparkCluster cluster = new SparkCluster(home, jars);
    try {
      for (int i = 0; i < 2; i++) {
        cluster.worker(i);
      }
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  private void worker(int number) throws Exception {
    String name = "worker-" + number;
    String place = home.resolve(name).toString();
    Process process =
        java(
            name,
            "org.apache.spark.deploy.worker.Worker",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            place,
            master);
    await(
        process,
        name,
        () -> log(name).contains("Successfully registered with master") ? name : null);
  }

  private Process java(String name, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-cp", classPath(), main));
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    Process process = start(name, command);
    processes.add(process);
    return process;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private String classPath() {
    return String.join(File.pathSeparator, sparkJars);
  }

  private Process start(String name, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(name + ".log").toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13"); // as bin/spark-submit does
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private String log(String name) {
    try {
      return Files.readString(home.resolve(name + ".log"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Matcher find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher : null;
  }

  private <T> T await(Process process, String name, Supplier<T> found) throws InterruptedException {
    long end = System.currentTimeMillis() + LONGEST_MILLIS;
    while (true) {
      T value = found.get();
      if (value != null) {
        return value;
      }
      assertThat(process.isAlive() && System.currentTimeMillis() < end).as(log(name)).isTrue();
      Thread.sleep(20);
    }
  }

  /**
   * Starts what {@code bin/spark-submit} starts: the command that Spark's launcher prints.
   *
   * @param name of the log
   * @param arguments of our own main class
   */
  Process submit(String name, List<String> arguments) throws Exception {
    List<String> launcher =
        new ArrayList<>(List.of(java(), "-cp", classPath(), "org.apache.spark.launcher.Main"));
    launcher.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    launcher.addAll(List.of("--class", Main.class.getName(), "--jars", String.join(",", jars())));
    launcher.addAll(List.of("--driver-java-options", "--add-modules=jdk.incubator.vector"));
    launcher.add(jar("kanana-spark", Path.of(Extension.location(Main.class))).toString());
    launcher.addAll(arguments);
    Process printing = start("launcher", launcher);
    assertThat(printing.waitFor()).as(log("launcher")).isZero();
    Process driver = start(name, command(log("launcher")));
    processes.add(driver);
    return driver;
  }

  /** The words of a command, each of which ends in NUL; what comes before the first is no word. */
  private static List<String> command(String printed) {
    String words = printed.substring(printed.indexOf('\0') + 1).stripLeading();
    return Stream.of(words.split("\0", -1)).filter(word -> !word.isBlank()).toList();
  }

  private static String list(String name) throws IOException {
    Path file = Path.of(Extension.location(SparkCompute.class)).resolveSibling(name);
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }

  /** As the build lists them; what is not packed yet is packed here. */
  private List<String> jars() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String each : list("jars").split(",", -1)) {
      jars.add(jar("part-" + jars.size(), Path.of(each)).toString());
    }
    return jars;
  }

  private Path jar(String name, Path classes) {
    Path jar = home.resolve(name + ".jar");
    if (!Files.isDirectory(classes)) {
      return classes;
    }
    if (!Files.exists(jar)) {
      ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
      int status =
          tool.run(
              System.out,
              System.err,
              "--create",
              "--file",
              jar.toString(),
              "-C",
              classes.toString(),
              ".");
      assertThat(status).isZero();
    }
    return jar;
  }

  /** Ends a worker and what it has started, as a power failure would. */
  void killWorker(int number) {
    Process worker = processes.get(1 + number);
    List<ProcessHandle> executors = worker.descendants().toList();
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** Whether each worker has started something that works for a run. */
  boolean bothWork() {
    return processes.subList(1, 3).stream()
        .allMatch(worker -> worker.children().findAny().isPresent());
  }

  /** What a submitted program printed. */
  String output(String name) {
    return log(name);
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroyForcibly();
      below.forEach(ProcessHandle::destroyForcibly);
    }
    removeLinks();
  }

  /** JUnit would warn of each that it leads out of the directory. */
  private void removeLinks() {
    try (Stream<Path> links = Files.list(home.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
