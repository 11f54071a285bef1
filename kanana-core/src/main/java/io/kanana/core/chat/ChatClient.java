package io.kanana.core.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import io.kanana.core.template.ChatMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Asks a model. What may pass (no connection, no answer in time, 408, 429, 5xx, an answer that is
 * not of OpenAI's form) is tried again after a growing pause, or a longer one that the endpoint
 * asks for; anything else, and the last failure, is an exception. Safe for use by several threads.
 */
public final class ChatClient implements AutoCloseable {
  /** How to wait. */
  public interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_ANSWER = 8 << 20;
  private static final int LONGEST_EXCERPT = 200;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final ChatEndpoint endpoint;
  private final Optional<String> apiKey;
  private final Pause pause;
  private final HttpClient client;

  ChatClient(ChatEndpoint endpoint, Optional<String> apiKey, Pause pause) {
    this.endpoint = endpoint;
    this.apiKey = apiKey;
    this.pause = pause;
    this.client = HttpClient.newBuilder().connectTimeout(endpoint.timeout()).build();
  }

  /** How many requests may be made at once. */
  public int concurrency() {
    return endpoint.concurrency();
  }

  /**
   * Does work that asks, at most {@link #concurrency} pieces at once, and returns what came of it
   * in its order. The first failure ends it: what is not begun then is left undone.
   */
  public <T> List<T> together(List<? extends Callable<T>> work) {
    ExecutorService threads =
        Executors.newFixedThreadPool(endpoint.concurrency(), Thread.ofVirtual().factory());
    try {
      List<Future<T>> begun = new ArrayList<>();
      work.forEach(piece -> begun.add(threads.submit(piece)));
      List<T> done = new ArrayList<>();
      for (Future<T> piece : begun) {
        done.add(piece.get());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KananaException known ? known : new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  /**
   * The text of the answer to a conversation; empty where the answer has none.
   *
   * @param about what is asked about, for messages: {@code document 17}
   * @throws DataException where there is no answer, after as many tries as there may be
   */
  public String ask(String about, List<ChatMessage> conversation) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", endpoint.model()).put("temperature", 0);
    body.put("max_tokens", endpoint.maxTokens());
    ArrayNode messages = body.putArray("messages");
    for (ChatMessage message : conversation) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    return post(about, ChatEndpoint.CHAT, body, ChatClient::content);
  }

  private static Optional<String> content(JsonNode answer) {
    JsonNode message = answer.at("/choices/0/message");
    return message.isObject() ? Optional.of(message.path("content").asText("")) : Optional.empty();
  }

  /**
   * What the endpoint answers to a request of any kind.
   *
   * @param about what is asked about, for messages
   * @param path below the endpoint's address: {@code completions}
   * @param reading takes what is wanted from the answer; nothing where the answer is not of the
   *     form that it should have
   * @throws DataException where there is no answer, after as many tries as there may be
   */
  public <T> T post(
      String about, String path, ObjectNode body, Function<JsonNode, Optional<T>> reading) {
    HttpRequest request = request(path, body);
    try {
      for (int attempt = 0; ; attempt++) {
        Attempt<T> outcome = attempt(request, reading);
        if (outcome.answer().isPresent()) {
          return outcome.answer().get();
        }
        if (!outcome.passing() || attempt == endpoint.retries()) {
          throw new DataException(failure(request, about, outcome, attempt + 1));
        }
        pause.sleep(outcome.pause(attempt));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static String failure(HttpRequest request, String about, Attempt<?> outcome, int tries) {
    return String.format(
        Locale.ROOT,
        "%s: %s: %s, after %d tries; when the endpoint answers, go on with --resume",
        request.uri(),
        about,
        outcome.failure(),
        tries);
  }

  private DataException interrupted(InterruptedException e) {
    return new DataException(endpoint.url() + ": the wait for answers was interrupted", e);
  }

  private HttpRequest request(String path, ObjectNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.address(path))
            .timeout(endpoint.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request.build();
  }

  /**
   * What came of one request.
   *
   * @param answer what was wanted, empty where it failed
   * @param passing whether the failure may pass
   * @param asked what the endpoint asked for, in seconds; 0 for nothing
   */
  private record Attempt<T>(Optional<T> answer, String failure, boolean passing, long asked) {
    static <T> Attempt<T> failed(String failure, boolean passing, long asked) {
      return new Attempt<>(Optional.empty(), failure, passing, asked);
    }

    Duration pause(int attempt) {
      Duration growing = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 10));
      Duration wanted = Duration.ofSeconds(asked);
      Duration longer = wanted.compareTo(growing) > 0 ? wanted : growing;
      return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
  }

  private <T> Attempt<T> attempt(HttpRequest request, Function<JsonNode, Optional<T>> reading)
      throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(), LARGEST_ANSWER));
      int status = response.statusCode();
      if (status == 200) {
        return read(response.body(), reading);
      }
      boolean passing = status == 408 || status == 429 || status >= 500;
      String failure = "status " + status + ", " + excerpt(response.body());
      return Attempt.failed(failure, passing, retryAfter(response));
    } catch (IOException e) {
      return Attempt.failed("no answer (" + Reason.of(e) + ")", true, 0);
    }
  }

  private static <T> Attempt<T> read(String body, Function<JsonNode, Optional<T>> reading) {
    try {
      Optional<T> answer = reading.apply(JSON.readTree(body));
      if (answer.isPresent()) {
        return new Attempt<>(answer, "", false, 0);
      }
    } catch (JsonProcessingException _) {
      // said below, with what was found
    }
    String failure =
        "the answer is not of OpenAI's form ("
            + excerpt(body)
            + "); url must be that of an endpoint of this form";
    return Attempt.failed(failure, true, 0);
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

  @Override
  public void close() {
    client.close();
  }
}
