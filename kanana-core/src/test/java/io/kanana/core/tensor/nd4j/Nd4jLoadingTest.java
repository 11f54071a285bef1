package io.kanana.core.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What loading ND4J does to a process, in one of its own. */
class Nd4jLoadingTest {
  /** Opens the back end that its argument names. */
  static final class Opens {
    private Opens() {}

    public static void main(String[] names) {
      for (String name : names) {
        try (TensorBackend backend = TensorBackends.open(name, 1)) {
          System.out.println(backend.name() + ": " + backend.description());
        }
      }
    }
  }

  private static String run(List<String> options, String backend) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.command().addAll(options);
    command
        .command()
        .addAll(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Opens.class.getName(),
                backend));
    Process process = command.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** It takes seconds to start, so nothing may touch it that does not use it. */
  @Test
  void nobodyLoadsNd4jWhoDoesNotUseIt() throws IOException {
    String output = run(List.of("-Xlog:class+load:stdout"), "cpu");
    assertThat(output).contains("cpu: ").contains(Nd4jBackendProvider.class.getName() + " source");
    assertThat(output.lines().filter(line -> line.contains(" org.nd4j."))).isEmpty();
    assertThat(output.lines().filter(line -> line.contains(" org.bytedeco."))).isEmpty();
  }

  @Test
  void loadingIsQuiet() throws IOException {
    List<String> lines = run(List.of(), "nd4j").lines().toList();
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("SLF4J(W)") && !line.contains("incubator modules"))
        .singleElement()
        .asString()
        .startsWith("nd4j: ND4J");
  }
}
