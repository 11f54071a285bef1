package io.kanana.data.classify.edu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Document;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Scores as they are given, a line of JSON for each text: asking a model is what costs, so a
 * resumed run asks for nothing twice. For one thread.
 */
final class ScoreLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final DocumentScorer scorer;
  private final Map<String, OptionalDouble> known = new HashMap<>();
  private final BufferedWriter writer;
  private long asked;

  /** Opens the scores of an interrupted run, or begins with none. */
  ScoreLog(Path file, DocumentScorer scorer) {
    this.file = file;
    this.scorer = scorer;
    try {
      if (Files.exists(file)) {
        WholeFile.write(file, wholeLines());
      }
      this.writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be used: " + Reason.of(e), e);
    }
  }

  /** All lines but a last one that a kill left unfinished. */
  private String wholeLines() throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    long number = 0;
    for (String line : whole.lines().toList()) {
      number++;
      try {
        JsonNode entry = JSON.readTree(line);
        JsonNode score = entry.path("score");
        known.put(
            entry.path("sha256").asText(),
            score.isNumber() ? OptionalDouble.of(score.asDouble()) : OptionalDouble.empty());
      } catch (JsonProcessingException e) {
        throw new DataException(
            file + ": line " + number + " is no JSON; remove it, and the text is scored anew", e);
      }
    }
    return whole;
  }

  /** A text's identity here. */
  static String digest(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The scores of these documents, in their order; those that are not known are asked for. */
  List<OptionalDouble> score(List<Document> documents) {
    List<Document> unknown =
        documents.stream().filter(d -> !known.containsKey(digest(d.text()))).toList();
    for (int from = 0; from < unknown.size(); from += scorer.batch()) {
      ask(unknown.subList(from, Math.min(unknown.size(), from + scorer.batch())));
    }
    return documents.stream().map(document -> known.get(digest(document.text()))).toList();
  }

  private void ask(List<Document> documents) {
    List<OptionalDouble> scores = scorer.score(documents);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      String digest = digest(documents.get(i).text());
      known.put(digest, scores.get(i));
      ObjectNode entry = JSON.createObjectNode();
      entry.put("sha256", digest).put("id", documents.get(i).id());
      scores.get(i).ifPresentOrElse(s -> entry.put("score", s), () -> entry.putNull("score"));
      lines.add(entry + "\n");
    }
    asked += scores.size();
    try {
      writer.write(String.join("", lines));
      writer.flush();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** How many texts were scored by this run. */
  long asked() {
    return asked;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be closed: " + Reason.of(e), e);
    }
  }
}
