package io.kanana.data.classify.edu;

import io.kanana.core.chat.ChatClient;
import io.kanana.core.template.ChatMessage;
import io.kanana.data.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a model for scores; a document that it does not answer about ends the job, which can go on
 * later. An answer without a score is no score.
 */
final class ChatScorer implements DocumentScorer {
  private static final Pattern SCORE =
      Pattern.compile("(?i)(?:score|점수)\\s*\\**\\s*[:=：]?\\s*\\**\\s*(-?\\d{1,3}(?:\\.\\d{1,3})?)");

  private final ChatScores config;
  private final ChatClient client;

  ChatScorer(ChatScores config, ChatClient client) {
    this.config = config;
    this.client = client;
  }

  @Override
  public int batch() {
    return client.concurrency();
  }

  @Override
  public List<OptionalDouble> score(List<Document> documents) {
    List<Callable<OptionalDouble>> questions = new ArrayList<>();
    documents.forEach(document -> questions.add(() -> score(document)));
    return client.together(questions);
  }

  @Override
  public void close() {
    client.close();
  }

  private OptionalDouble score(Document document) {
    String question = config.question(document.text());
    return scoreOf(client.ask("document " + document.id(), List.of(ChatMessage.user(question))));
  }

  /** The last score that the answer names. */
  private OptionalDouble scoreOf(String answer) {
    Matcher matcher = SCORE.matcher(answer);
    OptionalDouble last = OptionalDouble.empty();
    while (matcher.find()) {
      last = OptionalDouble.of(Double.parseDouble(matcher.group(1)));
    }
    return last.stream().allMatch(score -> score >= 0 && score <= config.maxScore())
        ? last
        : OptionalDouble.empty();
  }
}
