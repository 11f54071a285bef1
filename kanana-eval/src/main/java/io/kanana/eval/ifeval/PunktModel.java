package io.kanana.eval.ifeval;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link Punkt} knows of a language. Types are words in lower case, numbers as {@code
 * ##number##}.
 *
 * @param abbreviations types that a full stop belongs to, without it
 * @param collocations pairs of types, separated by a tab, of which the first has a full stop that
 *     ends nothing
 * @param starters types that often begin a sentence
 * @param contexts for a type, a sum of {@link #BEGINS_UPPER} and the others: how it was seen
 */
public record PunktModel(
    Set<String> abbreviations,
    Set<String> collocations,
    Set<String> starters,
    Map<String, Integer> contexts) {
  static final int BEGINS_UPPER = 2;
  static final int INSIDE_UPPER = 4;
  static final int UNKNOWN_UPPER = 8;
  static final int BEGINS_LOWER = 16;
  static final int INSIDE_LOWER = 32;
  static final int UNKNOWN_LOWER = 64;
  static final int UPPER = BEGINS_UPPER + INSIDE_UPPER + UNKNOWN_UPPER;
  static final int LOWER = BEGINS_LOWER + INSIDE_LOWER + UNKNOWN_LOWER;

  /**
   * Abbreviations and frequent words of English that come along. IFEval was scored with NLTK's
   * model, which was learnt from newspapers and may be {@linkplain #read read} instead.
   */
  public static PunktModel usual() {
    Set<String> frequent = Set.copyOf(resource("frequent-words.txt"));
    Map<String, Integer> contexts = new HashMap<>();
    frequent.forEach(word -> contexts.put(word, BEGINS_UPPER + INSIDE_LOWER));
    return new PunktModel(
        Set.copyOf(resource("abbreviations.txt")), Set.of(), frequent, Map.copyOf(contexts));
  }

  private static List<String> resource(String name) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                PunktModel.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> List.of(line.split(" ")).stream())
          .filter(word -> !word.isEmpty())
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a model of NLTK: a directory with {@code abbrev_types.txt}, {@code collocations.tab},
   * {@code sent_starters.txt} and {@code ortho_context.tab}, as {@code punkt_tab/english}.
   *
   * @throws DataException where a file is missing or is not of this form
   */
  public static PunktModel read(Path directory) {
    Map<String, Integer> contexts = new HashMap<>();
    Path file = directory.resolve("ortho_context.tab");
    for (String line : lines(file)) {
      int tab = line.indexOf('\t');
      try {
        contexts.put(
            line.substring(0, Math.max(tab, 0)), Integer.parseInt(line.substring(tab + 1)));
      } catch (NumberFormatException e) {
        throw new DataException(file + ": \"" + line + "\" is no word, tab and number", e);
      }
    }
    return new PunktModel(
        new HashSet<>(lines(directory.resolve("abbrev_types.txt"))),
        new HashSet<>(lines(directory.resolve("collocations.tab"))),
        new HashSet<>(lines(directory.resolve("sent_starters.txt"))),
        contexts);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file).lines().toList();
    } catch (IOException e) {
      throw new DataException(
          file + ": " + Reason.of(e) + "; name a directory of NLTK's punkt_tab", e);
    }
  }

  int context(String type) {
    return contexts.getOrDefault(type, 0);
  }
}
