package io.kanana.core.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The directory of golden values that system property {@code kanana.golden} names. Where the usual
 * one is absent, tests are skipped; one that was named and is not there, or has no cases, is an
 * error, since otherwise nothing would be checked and nobody would know.
 */
public final class Golden {
  private static final String PROPERTY = "kanana.golden";
  private static final Path USUAL =
      Path.of(System.getProperty("kanana.root", ".."), "../shared/golden").toAbsolutePath();

  private Golden() {}

  /** A folder of it; the test is skipped, visibly, where it is absent. */
  public static Path folder(String name) {
    return folder(System.getProperty(PROPERTY, USUAL.toString()), USUAL, name);
  }

  static Path folder(String directory, Path usual, String name) {
    Path all = Path.of(directory).toAbsolutePath().normalize();
    if (!Files.isDirectory(all) && !all.equals(usual.normalize())) {
      throw new AssertionError(PROPERTY + " names " + all + ", which is no directory");
    }
    Path folder = all.resolve(name);
    Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no golden values at " + folder);
    return folder.normalize();
  }

  /** Cases that were found, at least one. */
  public static Stream<DynamicTest> cases(Stream<DynamicTest> found) {
    List<DynamicTest> cases = found.toList();
    assertThat(cases).as("cases in the golden values").isNotEmpty();
    return cases.stream();
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
