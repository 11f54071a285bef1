package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program of {@code docs/guides/first-model.md} is what it says: short, compilable, and it
 * learns.
 */
class GuideTest {
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final int STEPS = 40;

  @TempDir private Path directory;

  @Test
  void firstModelCompilesAndLearns() throws Exception {
    String program = program("first-model.md");
    assertThat(program.lines().count()).isLessThanOrEqualTo(40);
    compile(program);
    List<String> lines = run().lines().toList();
    assertThat(lines).hasSizeGreaterThan(STEPS);
    double first = Double.parseDouble(lines.getFirst());
    double last = Double.parseDouble(lines.get(STEPS - 1));
    assertThat(last).isLessThan(first - 1);
  }

  private static String program(String guide) throws IOException {
    Path root = Path.of(System.getProperty("kanana.root", ".."));
    Matcher matcher = PROGRAM.matcher(Files.readString(root.resolve("docs/guides").resolve(guide)));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private void compile(String program) throws IOException {
    Path source = Files.writeString(directory.resolve("FirstModel.java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String[] options = {
      "-cp", System.getProperty("java.class.path"), "-d", directory.toString(), source.toString()
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
