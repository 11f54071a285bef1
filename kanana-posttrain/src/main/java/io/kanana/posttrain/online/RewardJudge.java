package io.kanana.posttrain.online;

import io.kanana.core.chat.ChatClient;
import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.template.ChatMessage;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.posttrain.conversation.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ratings from 1 to 10 by a language model behind an endpoint of OpenAI's form ({@code type:
 * judge}). It is asked at temperature 0 in our own words. An answer cannot rate itself: it stands
 * between marks with a code from the SHA-256 of what is shown, ratings in it are taken apart, and
 * the last rating of the judge's reply counts; it can still try to persuade. A judge that gives
 * none is reminded twice, then the answer has no score.
 */
public final class RewardJudge implements Scorer {
  /**
   * @param endpoint who is asked
   */
  public record Config(ChatEndpoint endpoint) implements Scorer.Config {
    @Override
    public Scorer open(TensorBackend backend) {
      return new RewardJudge(endpoint.open());
    }
  }

  private static final Pattern RATING =
      Pattern.compile("\\[\\[\\s*(\\d{1,3}(?:\\.\\d{1,3})?)\\s*(?:/\\s*\\d+\\s*)?\\]\\]");
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}");
  private static final int LOWEST = 1;
  private static final int HIGHEST = 10;
  private static final int REMINDERS = 2;
  private static final int CODE_LENGTH = 12;

  private final ChatClient client;
  private final List<String> parts;

  RewardJudge(ChatClient client) {
    this.client = client;
    this.parts = List.of(resource().split("\n=====\n", -1));
  }

  private static String resource() {
    try (InputStream in = RewardJudge.class.getResourceAsStream("reward-judge.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public double[] scores(List<Answer> answers) {
    List<Callable<Double>> work = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      String about = "answer " + (i + 1);
      Answer answer = answers.get(i);
      work.add(() -> score(about, answer));
    }
    return client.together(work).stream().mapToDouble(score -> score).toArray();
  }

  private double score(String about, Answer answer) {
    List<ChatMessage> conversation = conversation(answer);
    String reply = client.ask(about, conversation);
    for (int i = 0; i < REMINDERS && rating(reply).isEmpty(); i++) {
      List<ChatMessage> reminded = new ArrayList<>(conversation);
      reminded.add(ChatMessage.assistant(reply));
      reminded.add(ChatMessage.user(filled(parts.get(2), Map.of())));
      reply = client.ask(about, reminded);
    }
    return rating(reply).orElse(Double.NaN);
  }

  private List<ChatMessage> conversation(Answer answer) {
    StringBuilder shown = new StringBuilder();
    for (Message message : answer.question().messages()) {
      shown.append(message.role().label()).append(":\n").append(message.content()).append('\n');
    }
    String before = RATING.matcher(shown).replaceAll("[ [$1] ]");
    String said = RATING.matcher(answer.text()).replaceAll("[ [$1] ]");
    String code =
        Sha256.of((before + "\0" + said).getBytes(StandardCharsets.UTF_8))
            .substring(0, CODE_LENGTH);
    Map<String, String> values = Map.of("code", code, "prompt", before, "answer", said);
    return List.of(
        ChatMessage.system(filled(parts.get(0), values)),
        ChatMessage.user(filled(parts.get(1), values)));
  }

  /** All places are filled at once, so that what is filled in has no places. */
  private static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  /** The last rating of a reply, if it is on the scale. */
  private static OptionalDouble rating(String reply) {
    Matcher matcher = RATING.matcher(reply);
    double last = Double.NaN;
    while (matcher.find()) {
      last = Double.parseDouble(matcher.group(1));
    }
    return last >= LOWEST && last <= HIGHEST ? OptionalDouble.of(last) : OptionalDouble.empty();
  }

  @Override
  public void close() {
    client.close();
  }
}
