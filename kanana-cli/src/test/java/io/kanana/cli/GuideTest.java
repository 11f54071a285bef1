package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.job.Jobs;
import io.kanana.posttrain.merge.MergeMethod;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the guides say is so: the program of {@code first-model.md} is short, compilable, and it
 * learns; the step of {@code own-filter.md} keeps its contract and runs in a job; the method of
 * {@code merging.md} merges.
 */
class GuideTest {
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final int STEPS = 40;

  @TempDir private Path directory;

  @Test
  void firstModelCompilesAndLearns() throws Exception {
    String program = program("first-model.md");
    assertThat(program.lines().count()).isLessThanOrEqualTo(40);
    compile("FirstModel", program);
    List<String> lines = run().lines().toList();
    assertThat(lines).hasSizeGreaterThan(STEPS);
    double first = Double.parseDouble(lines.getFirst());
    double last = Double.parseDouble(lines.get(STEPS - 1));
    assertThat(last).isLessThan(first - 1);
  }

  private static String program(String guide) throws IOException {
    return blocks(guide, PROGRAM).getFirst();
  }

  private static List<String> blocks(String guide, Pattern kind) throws IOException {
    Path root = Path.of(System.getProperty("kanana.root", ".."));
    String text = Files.readString(root.resolve("docs/guides").resolve(guide));
    List<String> blocks = kind.matcher(text).results().map(block -> block.group(1)).toList();
    assertThat(blocks).isNotEmpty();
    return blocks;
  }

  @Test
  void everyJobOfPruningCanBeConfigured() throws IOException {
    assertConfigured("pruning.md", 6, "parent", "prune", "upscale");
  }

  @Test
  void everyJobOfDistillationCanBeConfigured() throws IOException {
    assertConfigured("distillation.md", 6, "(student|teacher)", "distill");
  }

  @Test
  void everyJobOfRewardModelsCanBeConfigured() throws IOException {
    assertConfigured("reward-model.md", 1, "(model|parameters)");
  }

  @Test
  void everyJobOfMergingCanBeConfigured() throws IOException {
    assertConfigured("merging.md", 3, "parent");
  }

  @Test
  void everyJobOfFineTuningCanBeConfigured() throws IOException {
    assertConfigured("sft.md", 1, "model");
  }

  @Test
  void everyJobOfPreferenceTrainingCanBeConfigured() throws IOException {
    assertConfigured("preference-training.md", 2, "policy");
  }

  @Test
  void ownMergeMethodMerges() throws Exception {
    compile("Median", blocks("merging.md", PROGRAM).getFirst());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      Class<?> type = loader.loadClass("example.Median");
      Object config = type.getConstructor().newInstance();
      assertThat(new OwnMergeRun((MergeMethod.Config) config).merged()).containsExactly(2, 5, -1.5);
      Object provider = loader.loadClass("example.Median$Provider").getConstructor().newInstance();
      assertThat(((ExtensionProvider) provider).extensions())
          .extracting(Extension::name)
          .containsExactly("median");
    }
  }

  /** The jobs of a page, and those of {@code configs} that it is about. */
  private void assertConfigured(String guide, int least, String plan, String... folders)
      throws IOException {
    List<Path> jobs = new ArrayList<>();
    for (String job : blocks(guide, YAML)) {
      jobs.add(Files.writeString(directory.resolve("job-" + jobs.size() + ".yaml"), job));
    }
    Path configs = Path.of(System.getProperty("kanana.root", "..")).resolve("configs");
    for (String folder : folders) {
      try (Stream<Path> files = Files.list(configs.resolve(folder))) {
        files.forEach(jobs::add);
      }
    }
    assertThat(jobs).hasSizeGreaterThan(least);
    Jobs known = Jobs.load(getClass().getClassLoader());
    for (Path job : jobs) {
      assertThat(known.configure(job, List.of()).plan().toString()).matches("(?s)" + plan + ".*");
    }
  }

  @Test
  void ownFilterKeepsItsContractAndRuns() throws Exception {
    List<String> sources = blocks("own-filter.md", PROGRAM);
    compile("Shouting", sources.get(0));
    compile("ShoutingTest", sources.get(1));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      assertThat(passed(loader.loadClass("example.ShoutingTest"))).isGreaterThan(5);
    }
    assertThat(new OwnFilterRun(directory).reasons(blocks("own-filter.md", YAML).getFirst()))
        .containsExactly("too-few-characters", "shouting");
  }

  /** How many tests of a class there are; the first that fails is thrown. */
  private static int passed(Class<?> tests) throws Exception {
    int count = 0;
    for (Method method : tests.getSuperclass().getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        var constructor = tests.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
        count++;
      }
    }
    return count;
  }

  private void compile(String name, String program) throws IOException {
    Path source = Files.writeString(directory.resolve(name + ".java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String[] options = {
      "-cp",
      directory + File.pathSeparator + System.getProperty("java.class.path"),
      "-d",
      directory.toString(),
      source.toString()
    };
    int status = compiler.run(null, null, messages, options);
    assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
  }

  private String run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()});
        PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      Class<?> program = loader.loadClass("FirstModel");
      var constructor = program.getDeclaredConstructor();
      constructor.setAccessible(true);
      Method main = program.getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      Object[] arguments = {
        new String[] {directory.resolve("run").toString(), Integer.toString(STEPS)}
      };
      main.invoke(constructor.newInstance(), arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
