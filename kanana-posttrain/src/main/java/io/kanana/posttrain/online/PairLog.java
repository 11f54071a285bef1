package io.kanana.posttrain.online;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.error.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code pairs.jsonl}: for every step and question the answers that were sampled, their scores, and
 * which became the pair. A resumed run trains on what was sampled ahead and stands here, since the
 * weights that it was sampled by are gone.
 */
final class PairLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FILE = "pairs.jsonl";

  private final List<Question> questions;
  private final long after;
  private final Map<Long, List<ScoredAnswers>> known = new TreeMap<>();
  private final JsonLog log;

  /**
   * Opens the log of a run.
   *
   * @param after the step that the run stands after: only what is for later ones is remembered
   * @param last steps after this one are dropped, since they will be made again
   */
  PairLog(Path output, List<Question> questions, long after, long last) {
    this.questions = questions;
    this.after = after;
    this.log = JsonLog.openWhile(output.resolve(FILE), line -> stays(line, last));
  }

  private boolean stays(JsonNode line, long last) {
    JsonNode step = line.path("step");
    if (!step.isIntegralNumber()) {
      throw new DataException(
          FILE + ": an entry has the step " + step + "; it must be a whole number: " + line);
    }
    if (step.asLong() > last) {
      return false;
    }
    read(line);
    return true;
  }

  private void read(JsonNode line) {
    if (line.get("step").asLong() <= after) {
      return;
    }
    Question question = questions.get(line.get("question").asInt());
    List<Answer> answers = new ArrayList<>();
    JsonNode all = line.get("answers");
    double[] scores = new double[all.size()];
    for (JsonNode one : all) {
      scores[answers.size()] = one.path("score").asDouble(Double.NaN);
      answers.add(
          new Answer(
              question,
              one.get("text").asText(),
              JSON.convertValue(one.get("ids"), int[].class),
              one.get("ended").asBoolean()));
    }
    known
        .computeIfAbsent(line.get("step").asLong(), _ -> new ArrayList<>())
        .add(new ScoredAnswers(line.get("question").asInt(), answers, scores));
  }

  /** What was found for a step; nothing if it is not all there. */
  List<ScoredAnswers> of(long step, int questionsPerStep) {
    List<ScoredAnswers> found = known.getOrDefault(step, List.of());
    return found.size() == questionsPerStep ? found : List.of();
  }

  /** Writes the answers of a step down. */
  void add(long step, long sampledAfter, List<ScoredAnswers> answers) {
    log.add(answers.stream().map(each -> line(step, sampledAfter, each)).toList());
  }

  private static ObjectNode line(long step, long sampledAfter, ScoredAnswers scored) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("step", step)
            .put("sampled-after-step", sampledAfter)
            .put("question", scored.question())
            .put("prompt", scored.answers().getFirst().question().text());
    if (scored.pair().isPresent()) {
      line.put("chosen", scored.best()).put("rejected", scored.worst());
    }
    ArrayNode answers = line.putArray("answers");
    for (int i = 0; i < scored.answers().size(); i++) {
      Answer answer = scored.answers().get(i);
      ObjectNode one =
          answers
              .addObject()
              .put("score", scored.scores()[i])
              .put("ended", answer.ended())
              .put("text", answer.text());
      ArrayNode ids = one.putArray("ids");
      for (int id : answer.ids()) {
        ids.add(id);
      }
    }
    return line;
  }

  @Override
  public void close() {
    log.close();
  }
}
