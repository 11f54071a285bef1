package io.kanana.data.filter.quality;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.golden.Golden;
import io.kanana.data.Corpora;
import io.kanana.data.document.Document;
import io.kanana.data.document.FilesConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** datatrove's verdicts, and the documents that they are about. */
final class GoldenVerdicts {
  /** One document with one way to split words: filter by filter, {@code true} or the reason. */
  record Row(String text, String variant, JsonNode verdicts) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERDICTS = "verdicts.jsonl.gz";

  private final Path folder = Golden.folder("filters");
  private final Map<String, Map<String, String>> texts = new HashMap<>();

  /** Those of a variant, in their order. */
  List<Row> rows(String variant) {
    return lines(folder.resolve(VERDICTS)).stream()
        .filter(row -> row.get("variant").asText().equals(variant))
        .map(row -> new Row(text(row), variant, row))
        .toList();
  }

  /** The words that each way to split finds first, in some documents. */
  Map<String, JsonNode> words() {
    Map<String, JsonNode> words = new HashMap<>();
    lines(folder.resolve("words.jsonl.gz")).forEach(row -> words.put(text(row), row));
    return words;
  }

  private String text(JsonNode row) {
    if (row.has("unit")) {
      return row.get("unit").asText().repeat(row.get("times").asInt());
    }
    // records without text are no documents, but they have verdicts
    return texts
        .computeIfAbsent(row.get("file").asText(), this::load)
        .getOrDefault(row.get("id").asText(), "");
  }

  private Map<String, String> load(String file) {
    Map<String, String> byId = new HashMap<>();
    if (file.equals("synthetic")) {
      lines(folder.resolve("synthetic.jsonl.gz"))
          .forEach(row -> byId.put(row.get("id").asText(), row.get("text").asText()));
      return byId;
    }
    Path corpus = Path.of(System.getProperty("kanana.data", "absent"), "corpus", file);
    assumeTrue(Files.exists(corpus), () -> "no corpus at " + corpus + " (property kanana.data)");
    for (Document document :
        Corpora.read(FilesConfig.of(corpus.toString()).create(), rejected -> {})) {
      byId.put(document.id(), document.text());
    }
    return byId;
  }

  private static List<JsonNode> lines(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().map(GoldenVerdicts::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
