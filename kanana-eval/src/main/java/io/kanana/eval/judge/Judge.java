package io.kanana.eval.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.chat.ChatClient;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.error.DataException;
import io.kanana.core.template.ChatMessage;
import io.kanana.eval.ifeval.ResponseLanguage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has answers rated by a language model, each turn by itself with the turns before it in view. What
 * the judge says is written to a file at once, and a judgement that is there already is not asked
 * for again: the same dialogue, judge and rubric have the same judgement. The client is not closed.
 * Safe for use by several threads.
 */
public final class Judge implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REMINDERS = 2;

  private final ChatClient client;
  private final String model;
  private final Rubric rubric;
  private final JudgePrompt prompt;
  private final Map<String, JsonNode> known = new ConcurrentHashMap<>();
  private final JsonLog log;

  /**
   * A judge.
   *
   * @param model the client's, which judgements are kept by
   * @param file of judgements, one a line; made where there is none
   * @throws DataException where the file cannot be used
   */
  public Judge(ChatClient client, String model, Rubric rubric, Path file) {
    this.client = client;
    this.model = model;
    this.rubric = rubric;
    this.prompt = new JudgePrompt(rubric);
    this.log = JsonLog.open(file, entry -> known.put(entry.path("key").asText(), entry));
  }

  /**
   * Judgements of all turns, in the order of dialogues and turns.
   *
   * @throws DataException where the judge does not answer; what it said before is kept
   */
  public List<Judgement> judge(List<Dialogue> dialogues) {
    List<Callable<Judgement>> turns = new ArrayList<>();
    for (Dialogue dialogue : dialogues) {
      for (int turn = 1; turn <= dialogue.questions().size(); turn++) {
        int number = turn;
        turns.add(() -> judge(dialogue, number));
      }
    }
    return client.together(turns);
  }

  private Judgement judge(Dialogue dialogue, int turn) {
    List<ChatMessage> conversation = prompt.of(dialogue, turn);
    String key =
        Sha256.of((model + " " + rubric + " " + conversation).getBytes(StandardCharsets.UTF_8));
    JsonNode entry = known.get(key);
    String reply =
        entry == null ? reply(dialogue, turn, conversation) : entry.path("reply").asText();
    OptionalDouble rating = prompt.rating(reply);
    if (entry == null) {
      write(key, dialogue, turn, rating, reply);
    }
    boolean inAnotherLanguage =
        rubric
            .language(dialogue.id())
            .map(wanted -> !ResponseLanguage.isIn(dialogue.answers().get(turn - 1), wanted))
            .orElse(false);
    return new Judgement(
        dialogue.id(), dialogue.category(), turn, rating, inAnotherLanguage, reply);
  }

  /** The judge's answer; one without a rating is followed by a reminder, and what comes of it. */
  private String reply(Dialogue dialogue, int turn, List<ChatMessage> conversation) {
    String about = "question " + dialogue.id() + ", turn " + turn;
    List<ChatMessage> said = new ArrayList<>(conversation);
    StringBuilder replies = new StringBuilder(client.ask(about, said));
    for (int i = 0; i < REMINDERS && prompt.rating(replies.toString()).isEmpty(); i++) {
      said.add(ChatMessage.assistant(replies.toString()));
      said.add(prompt.reminder());
      replies.append("\n\n").append(client.ask(about, said));
      said.subList(conversation.size(), said.size()).clear();
    }
    return replies.toString();
  }

  private void write(String key, Dialogue dialogue, int turn, OptionalDouble rating, String reply) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("key", key).put("model", model).put("rubric", rubric.name());
    entry.put("question", dialogue.id()).put("turn", turn);
    rating.ifPresentOrElse(value -> entry.put("rating", value), () -> entry.putNull("rating"));
    entry.put("reply", reply);
    log.add(List.of(entry));
  }

  @Override
  public void close() {
    log.close();
  }
}
