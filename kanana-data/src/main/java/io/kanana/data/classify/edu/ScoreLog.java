package io.kanana.data.classify.edu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.data.document.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Scores as they are given, a line of JSON for each text: asking a model is what costs, so a
 * resumed run asks for nothing twice. Scores that cost nothing are asked for again. For one thread.
 */
public final class ScoreLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DocumentScorer scorer;
  private final Map<String, OptionalDouble> known = new HashMap<>();
  private final JsonLog log;
  private long asked;

  /**
   * Opens the scores of an interrupted run, or begins with none.
   *
   * @param scorer is asked for what is not known; stays the caller's
   * @throws io.kanana.core.error.DataException where the file cannot be used
   */
  public ScoreLog(Path file, DocumentScorer scorer) {
    this.scorer = scorer;
    this.log =
        scorer.isCostly() ? JsonLog.open(file, this::know) : JsonLog.openWhile(file, _ -> false);
  }

  private void know(JsonNode entry) {
    JsonNode score = entry.path("score");
    known.put(
        entry.path("sha256").asText(),
        score.isNumber() ? OptionalDouble.of(score.asDouble()) : OptionalDouble.empty());
  }

  /** A text's identity here. */
  static String digest(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The scores of these documents, in their order; those that are not known are asked for. */
  public List<OptionalDouble> score(List<Document> documents) {
    List<Document> unknown =
        documents.stream().filter(d -> !known.containsKey(digest(d.text()))).toList();
    for (int from = 0; from < unknown.size(); from += scorer.batch()) {
      ask(unknown.subList(from, Math.min(unknown.size(), from + scorer.batch())));
    }
    return documents.stream().map(document -> known.get(digest(document.text()))).toList();
  }

  private void ask(List<Document> documents) {
    List<OptionalDouble> scores = scorer.score(documents);
    List<ObjectNode> entries = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      String digest = digest(documents.get(i).text());
      known.put(digest, scores.get(i));
      ObjectNode entry = JSON.createObjectNode();
      entry.put("sha256", digest).put("id", documents.get(i).id());
      scores.get(i).ifPresentOrElse(s -> entry.put("score", s), () -> entry.putNull("score"));
      entries.add(entry);
    }
    asked += scores.size();
    log.add(entries);
  }

  /** How many texts were scored by this run. */
  public long asked() {
    return asked;
  }

  @Override
  public void close() {
    log.close();
  }
}
