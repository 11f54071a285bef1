package io.kanana.data.classify.edu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Document;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a model for scores. What may pass (no connection, 429, 5xx) is tried again after a growing
 * pause; anything else, and the last failure, ends the job, which can go on later. An answer
 * without a score is no score.
 */
final class ChatScorer implements DocumentScorer {
  /** How to wait. */
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  static final Pause SLEEP = Thread::sleep;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SCORE =
      Pattern.compile("(?i)(?:score|점수)\\s*\\**\\s*[:=：]?\\s*\\**\\s*(-?\\d{1,3}(?:\\.\\d{1,3})?)");
  private static final long LARGEST_ANSWER = 1 << 20;
  private static final int LONGEST_EXCERPT = 200;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final ChatScores config;
  private final URI endpoint;
  private final Optional<String> apiKey;
  private final Pause pause;
  private final HttpClient client;

  ChatScorer(ChatScores config, URI endpoint, Optional<String> apiKey, Pause pause) {
    this.config = config;
    this.endpoint = endpoint;
    this.apiKey = apiKey;
    this.pause = pause;
    this.client = HttpClient.newBuilder().connectTimeout(config.timeout()).build();
  }

  @Override
  public int batch() {
    return config.concurrency();
  }

  @Override
  public List<OptionalDouble> score(List<Document> documents) {
    List<Callable<OptionalDouble>> questions = new ArrayList<>();
    documents.forEach(document -> questions.add(() -> score(document)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<OptionalDouble> scores = new ArrayList<>();
      for (Future<OptionalDouble> answer : threads.invokeAll(questions)) {
        scores.add(answer.get());
      }
      return scores;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(endpoint + ": the wait for answers was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KananaException known ? known : new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private OptionalDouble score(Document document) throws InterruptedException {
    HttpRequest request = request(document);
    for (int attempt = 0; ; attempt++) {
      Attempt outcome = attempt(request);
      if (outcome.answer() != null) {
        return scoreOf(outcome.answer());
      }
      if (!outcome.passing() || attempt == config.retries()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: document %s: %s, after %d tries; when the endpoint answers, go on with --resume",
                endpoint,
                document.id(),
                outcome.failure(),
                attempt + 1));
      }
      pause.sleep(outcome.pause(attempt));
    }
  }

  private HttpRequest request(Document document) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", config.model()).put("temperature", 0).put("max_tokens", config.maxTokens());
    body.putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", config.question(document.text()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(config.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request.build();
  }

  /**
   * What came of one request.
   *
   * @param answer the body, or null where it failed
   * @param passing whether the failure may pass
   * @param asked what the endpoint asked for, in seconds; 0 for nothing
   */
  private record Attempt(String answer, String failure, boolean passing, long asked) {
    Duration pause(int attempt) {
      Duration growing = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 10));
      Duration wanted = Duration.ofSeconds(asked);
      Duration longer = wanted.compareTo(growing) > 0 ? wanted : growing;
      return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
  }

  private Attempt attempt(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(), LARGEST_ANSWER));
      int status = response.statusCode();
      if (status == 200) {
        return new Attempt(response.body(), null, false, 0);
      }
      boolean passing = status == 408 || status == 429 || status >= 500;
      String failure = "status " + status + ", " + excerpt(response.body());
      return new Attempt(null, failure, passing, retryAfter(response));
    } catch (IOException e) {
      return new Attempt(null, "no answer (" + Reason.of(e) + ")", true, 0);
    }
  }

  private static long retryAfter(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  private static String excerpt(String body) {
    String line = body.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST_EXCERPT ? line : line.substring(0, LONGEST_EXCERPT) + "...";
  }

  /** The last score that the answer names. */
  private OptionalDouble scoreOf(String body) {
    Matcher matcher = SCORE.matcher(content(body));
    OptionalDouble last = OptionalDouble.empty();
    while (matcher.find()) {
      last = OptionalDouble.of(Double.parseDouble(matcher.group(1)));
    }
    return last.stream().allMatch(score -> score >= 0 && score <= config.maxScore())
        ? last
        : OptionalDouble.empty();
  }

  private String content(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      return answer.at("/choices/0/message/content").asText("");
    } catch (JsonProcessingException e) {
      throw new DataException(
          endpoint
              + ": answers something that is no JSON ("
              + excerpt(body)
              + "); url must be that of an endpoint of OpenAI's form",
          e);
    }
  }
}
