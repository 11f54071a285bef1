package io.kanana.benchmarks;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.classify.LabelledTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A file as fastText wants it: a line is a text, and before it stand labels. */
record LabelledLines(Path file) implements LabelledTexts {
  private static final String PREFIX = "__label__";

  @Override
  public void forEach(BiConsumer<String, List<String>> use) {
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(line -> use.accept(text(line), labels(line)));
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static List<String> labels(String line) {
    return Stream.of(line.split(" "))
        .takeWhile(token -> token.startsWith(PREFIX))
        .map(token -> token.substring(PREFIX.length()))
        .toList();
  }

  private static String text(String line) {
    int at = 0;
    while (line.startsWith(PREFIX, at)) {
      int end = line.indexOf(' ', at);
      at = end < 0 ? line.length() : end + 1;
    }
    return line.substring(at);
  }
}
