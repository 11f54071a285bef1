package io.kanana.core.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The directory of golden values that system property {@code kanana.golden} names. */
public final class Golden {
  private Golden() {}

  /** A folder of it; the test is skipped, visibly, where it is absent. */
  public static Path folder(String name) {
    Path folder = Path.of(System.getProperty("kanana.golden", "../../shared/golden"), name);
    Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no golden values at " + folder);
    return folder.toAbsolutePath().normalize();
  }

  public static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
