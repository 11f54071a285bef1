package io.kanana.core.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The tokenizer part of the golden values, wherever they are. */
final class GoldenFiles {
  static final ObjectMapper JSON = new ObjectMapper();

  private GoldenFiles() {}

  /** The directory; a test that asks for it is skipped where it is absent. */
  static Path tokenizerDirectory() {
    return Golden.folder("tokenizer");
  }

  /** Every directory with a {@code tokenizer.json}, at any depth. */
  static List<Path> tokenizers() {
    try (Stream<Path> files = Files.walk(tokenizerDirectory(), 4)) {
      return files
          .filter(file -> file.endsWith(Tokenizers.TOKENIZER))
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean unsupported(Path directory) {
    return directory.getFileName().toString().startsWith("unsupported");
  }

  static List<JsonNode> lines(Path file) {
    try (BufferedReader reader = new BufferedReader(text(file))) {
      return reader.lines().map(GoldenFiles::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InputStreamReader text(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new InputStreamReader(
        file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in,
        StandardCharsets.UTF_8);
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).intValue();
    }
    return values;
  }
}
