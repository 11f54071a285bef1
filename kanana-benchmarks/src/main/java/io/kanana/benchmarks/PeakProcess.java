package io.kanana.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.BackendException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the machine in a JVM of its own, so that buffers, garbage and compiled code of the
 * measurement are not those of what is measured beside it.
 */
public final class PeakProcess {
  /** Where native libraries are kept. */
  private static final String CACHE = "-Dkanana.cache=";

  private PeakProcess() {}

  /** Measures with as many threads as the argument says and prints {@link MachinePeak} as JSON. */
  public static void main(String[] arguments) throws JsonProcessingException {
    MachinePeak peak = MachinePeak.measureHere(Integer.parseInt(arguments[0]));
    System.out.println(new ObjectMapper().writeValueAsString(peak));
  }

  /** The peak of this machine on so many threads; takes some seconds. */
  static MachinePeak measure(int threads) {
    try {
      Process process =
          new ProcessBuilder(command(threads)).redirectError(ProcessBuilder.Redirect.PIPE).start();
      List<String> out = lines(process.inputReader(StandardCharsets.UTF_8));
      List<String> errors = lines(process.errorReader(StandardCharsets.UTF_8));
      if (process.waitFor() != 0 || out.isEmpty()) {
        throw new BackendException(
            "the peak of this machine could not be measured: " + String.join("; ", errors));
      }
      return new ObjectMapper().readValue(out.getLast(), MachinePeak.class);
    } catch (IOException e) {
      throw new BackendException("the peak of this machine could not be measured: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("measuring the peak of this machine was interrupted", e);
    }
  }

  private static List<String> lines(BufferedReader reader) throws IOException {
    try (reader) {
      return reader.lines().toList();
    }
  }

  private static List<String> command(int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmFlags.inherited(CACHE));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PeakProcess.class.getName(), Integer.toString(threads)));
    return command;
  }
}
