package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.kanana.core.checkpoint.TinyCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The example of {@code own-pruning.md} is copied away from this project and built by its own
 * script into a jar of its own; the jar is all that the command gets.
 */
@DisabledOnOs(OS.WINDOWS) // the script is for bash
class OwnPruningTest {
  private static final Path ROOT = Path.of(System.getProperty("kanana.root", ".."));
  private static final Path EXAMPLE = ROOT.resolve("examples/own-pruning").toAbsolutePath();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir static Path directory;

  private static Path example;

  @BeforeAll
  static void build() throws Exception {
    example = directory.resolve("example");
    copy(EXAMPLE, example);
    ProcessBuilder build = new ProcessBuilder("bash", "build", CLASS_PATH);
    build.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path log = directory.resolve("build.log");
    Process process =
        build
            .directory(example.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (!target.startsWith(to.resolve("target"))) {
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }

  private static Path jar() {
    return example.resolve("target/own-pruning.jar");
  }

  private static CommandProcess.Result kanana(String... arguments) throws Exception {
    try (CommandProcess process = CommandProcess.startWith(jar(), example, List.of(arguments))) {
      return process.result();
    }
  }

  @Test
  void itsJarIsAllThatTheCommandNeeds() throws Exception {
    TinyCheckpoint.write(directory.resolve("parent"));
    kanana(
            "run",
            "prune.yaml",
            "--set",
            "model=" + directory.resolve("parent"),
            "--set",
            "data={documents: [{type: miniature-web, documents: 60}], context-length: 16}",
            "--set",
            "data.held-out-share=0.2",
            "--set",
            "calibration.windows=8",
            "--set",
            "strategy.drop=1")
        .assertSucceeded();
    Path output = example.resolve("runs/shallow");
    assertThat(output.resolve("plan.yaml")).content().containsPattern("\nlayers: \"[01]\"\n");
    assertThat(output.resolve("model/config.json"))
        .content()
        .containsPattern("\"num_hidden_layers\" ?: ?1,");
  }

  @Test
  void itIsListedWithItsKeysAndItsJar() throws Exception {
    CommandProcess.Result result = kanana("list", "contiguous-layers");
    result.assertSucceeded();
    assertThat(String.join("\n", result.out()))
        .contains("pruning-strategy", "drop", jar().toRealPath().toString());
  }

  @Test
  void itsMistakesAreToldLikeOurs() throws Exception {
    TinyCheckpoint.write(directory.resolve("two-layers"));
    kanana("run", "prune.yaml", "--set", "model=" + directory.resolve("two-layers"), "--dry-run")
        .assertRefused(2, "error: strategy.drop: must be below the parent's 2 layers, got 4");
  }

  @Test
  void itKeepsTheContract() throws Exception {
    Path classes = Files.createDirectories(directory.resolve("test-classes"));
    Path source = example.resolve("src/test/java/example/ContiguousLayersTest.java");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String classPath = jar() + File.pathSeparator + CLASS_PATH;
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                messages,
                "-d",
                classes.toString(),
                "-cp",
                classPath,
                source.toString());
    assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    URL[] urls = {jar().toUri().toURL(), classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      TestExecutionSummary summary = run(loader.loadClass("example.ContiguousLayersTest"));
      summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
      assertThat(summary.getTestsFailedCount()).isZero();
      assertThat(summary.getTestsSucceededCount()).isGreaterThanOrEqualTo(4);
    }
  }

  private static TestExecutionSummary run(Class<?> tests) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            listener);
    return listener.getSummary();
  }

  /** The guide shows the example's files, and no others. */
  @Test
  void theGuideShowsWhatIsBuilt() throws IOException {
    String guide = Files.readString(ROOT.resolve("docs/guides/own-pruning.md"));
    List<String> blocks =
        Pattern.compile("```(?:java|yaml)\n(.*?)```", Pattern.DOTALL)
            .matcher(guide)
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks)
        .containsExactly(
            Files.readString(EXAMPLE.resolve("src/main/java/example/ContiguousLayers.java")),
            Files.readString(EXAMPLE.resolve("prune.yaml")),
            Files.readString(EXAMPLE.resolve("src/test/java/example/ContiguousLayersTest.java")));
  }
}
