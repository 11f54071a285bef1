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
  private static final String FAILURE = "the peak of this machine could not be measured: ";

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
      Process process = new ProcessBuilder(command(threads)).redirectErrorStream(true).start();
      List<String> lines;
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        lines = reader.lines().toList();
      }
      if (process.waitFor() != 0) {
        throw new BackendException(FAILURE + String.join("; ", lines));
      }
      return parse(lines);
    } catch (IOException e) {
      throw new BackendException(FAILURE + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("measuring the peak of this machine was interrupted", e);
    }
  }

  /** Warnings of the JVM may stand around the line of JSON. */
  private static MachinePeak parse(List<String> lines) throws JsonProcessingException {
    String json = lines.stream().filter(line -> line.startsWith("{")).findFirst().orElse("");
    return new ObjectMapper().readValue(json, MachinePeak.class);
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
