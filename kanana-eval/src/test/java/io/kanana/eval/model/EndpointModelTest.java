package io.kanana.eval.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.golden.Golden;
import io.kanana.eval.model.EndpointModel.Api;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the server does with a request. */
  private interface Handler {
    void handle(HttpExchange exchange, JsonNode request) throws IOException;
  }

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private volatile Handler handler;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1",
        exchange -> {
          try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            asked.add(request);
            handler.handle(exchange, request);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private EvaluationModel open(Api api, int timeout, int retries, Optional<Path> tokenizer) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    return new EndpointModel.Config(
            url, "m", api, Optional.empty(), tokenizer, 64, 4, timeout, retries)
        .open(name -> null, pauses::add);
  }

  private Map<Request, Response> responses(EvaluationModel model, List<Request> requests) {
    Map<Request, Response> responses = new LinkedHashMap<>();
    try (model) {
      model.answer(requests, responses::put, () -> false);
    }
    return responses;
  }

  private static Request generate(String prompt) {
    return new Request.GenerateUntil(
        new Context.Text(prompt), Generation.greedy(5, List.of("\n", "stop")), 0);
  }

  private static String says(String text) {
    ObjectNode answer = JSON.createObjectNode();
    answer.putArray("choices").addObject().put("text", text);
    answer.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", 2);
    return answer.toString();
  }

  @Test
  void textsAreGeneratedAndCut() {
    handler = (exchange, request) -> answer(exchange, 200, says(" one stop two"));
    Response response =
        responses(open(Api.COMPLETIONS, 5, 0, Optional.empty()), List.of(generate("Say")))
            .get(generate("Say"));
    assertThat(response).isEqualTo(new Response.Generated(" one ", 3, 2));
    JsonNode request = asked.getFirst();
    assertThat(request.get("prompt").asText()).isEqualTo("Say");
    assertThat(request.get("max_tokens").asInt()).isEqualTo(5);
    assertThat(request.get("temperature").asDouble()).isZero();
    assertThat(request.get("stop")).hasSize(2);
  }

  @Test
  void conversationsAreSentAsTurns() {
    handler =
        (exchange, request) -> {
          assertThat(exchange.getRequestURI().getPath()).isEqualTo("/v1/chat/completions");
          answer(exchange, 200, "{\"choices\":[{\"message\":{\"content\":\"well\"}}]}");
        };
    EvaluationModel model = open(Api.CHAT, 5, 0, Optional.empty());
    Context context =
        model.conversation(List.of(Message.system("Be brief."), Message.user("Hi", "")), false);
    Request request = new Request.GenerateUntil(context, Generation.greedy(5, List.of()), 0);
    assertThat(responses(model, List.of(request)).get(request))
        .isEqualTo(new Response.Generated("well", 0, 0));
    assertThat(asked.getFirst().at("/messages/0/role").asText()).isEqualTo("system");
    assertThat(asked.getFirst().at("/messages/1/content").asText()).isEqualTo("Hi");
  }

  /** Every character is a token; the i-th of a text has log-probability -(i + 1). */
  private static String echo(JsonNode request) {
    String text = request.get("prompt").asText() + "!";
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode logprobs = answer.putArray("choices").addObject().putObject("logprobs");
    ArrayNode sums = logprobs.putArray("token_logprobs");
    ArrayNode best = logprobs.putArray("top_logprobs");
    ArrayNode offsets = logprobs.putArray("text_offset");
    for (int i = 0; i < text.codePointCount(0, text.length()); i++) {
      if (i == 0) {
        sums.addNull();
        best.addNull();
      } else {
        sums.add(-(i + 1.0));
        best.addObject().put("?", i == 5 ? -0.5 : -(i + 1.0));
      }
      offsets.add(i);
    }
    return answer.toString();
  }

  @Test
  void likelihoodsOfTextsAreReadFromTheEcho() {
    handler = (exchange, request) -> answer(exchange, 200, echo(request));
    Request plain = new Request.LogLikelihood("가나다", " 라");
    Request blank = new Request.LogLikelihood("가나 ", "다라마");
    Map<Request, Response> found =
        responses(open(Api.COMPLETIONS, 5, 0, Optional.empty()), List.of(plain, blank));
    assertThat(found.get(plain)).isEqualTo(new Response.LogLikelihood(-4 - 5, true, 3, 2));
    // the blank belongs to the continuation; its last token is not the most probable one
    assertThat(found.get(blank)).isEqualTo(new Response.LogLikelihood(-3 - 4 - 5 - 6, false, 2, 4));
  }

  @Test
  void whatNeedsATokenizerSaysSo() {
    EvaluationModel model = open(Api.COMPLETIONS, 5, 0, Optional.empty());
    for (Request request :
        List.of(new Request.LogLikelihood("", "a"), new Request.RollingLogLikelihood("a"))) {
      assertThatThrownBy(() -> model.answer(List.of(request), (r, a) -> {}, () -> false))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("model.tokenizer: is needed");
    }
    assertThatThrownBy(() -> model.conversation(List.of(Message.user("a", "")), false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model.api: chat");
    EvaluationModel chat = open(Api.CHAT, 5, 0, Optional.empty());
    Request likelihood = new Request.LogLikelihood("a", "b");
    assertThatThrownBy(() -> chat.answer(List.of(likelihood), (r, a) -> {}, () -> false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gives no log-likelihoods");
  }

  @Test
  void limitsOfTheRateAreWaitedFor() {
    AtomicInteger calls = new AtomicInteger();
    handler =
        (exchange, request) -> {
          if (calls.incrementAndGet() < 3) {
            exchange.getResponseHeaders().add("Retry-After", "7");
            answer(exchange, 429, "slow down");
          } else {
            answer(exchange, 200, says("ok"));
          }
        };
    assertThat(responses(open(Api.COMPLETIONS, 5, 4, Optional.empty()), List.of(generate("a"))))
        .containsValue(new Response.Generated("ok", 3, 2));
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void failuresThatStayEndTheRunAndKeepWhatWasAnswered() {
    handler =
        (exchange, request) -> {
          boolean good = request.get("prompt").asText().equals("good");
          answer(exchange, good ? 200 : 503, good ? says("ok") : "overloaded");
        };
    List<Response> kept = new ArrayList<>();
    try (EvaluationModel model = open(Api.COMPLETIONS, 5, 2, Optional.empty())) {
      assertThatThrownBy(
              () ->
                  model.answer(
                      List.of(generate("good"), generate("bad")),
                      (request, response) -> kept.add(response),
                      () -> false))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("\"bad\": status 503, overloaded, after 3 tries")
          .hasMessageContaining("--resume");
    }
    assertThat(kept).hasSize(1);
    assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  @Test
  void garbageIsToldWithAnExcerpt() {
    for (String garbage : List.of("<html>no</html>", "{\"choices\": []}", "[]", "")) {
      handler = (exchange, request) -> answer(exchange, 200, garbage);
      try (EvaluationModel model = open(Api.COMPLETIONS, 5, 1, Optional.empty())) {
        assertThatThrownBy(() -> model.answer(List.of(generate("a")), (r, a) -> {}, () -> false))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("not of OpenAI's form (" + garbage + ")");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0]", "[3]", "[-1]", "[5, 2]"})
  void anEndpointThatDoesNotSendThePromptBackIsRefused(String offsets) {
    String tokens = offsets.contains(",") ? "[null, -1]" : "[-1]";
    handler =
        (exchange, request) ->
            answer(
                exchange,
                200,
                "{\"choices\": [{\"logprobs\": {\"token_logprobs\": %s, \"text_offset\": %s}}]}"
                    .formatted(tokens, offsets));
    Request choice = new Request.LogLikelihood("a b", " c");
    try (EvaluationModel model = open(Api.COMPLETIONS, 5, 0, Optional.empty())) {
      assertThatThrownBy(() -> model.answer(List.of(choice), (r, a) -> {}, () -> false))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("not of OpenAI's form");
    }
  }

  @Test
  void silenceTimesOut() {
    handler =
        (exchange, request) -> {
          try {
            Thread.sleep(3000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try (EvaluationModel model = open(Api.COMPLETIONS, 1, 0, Optional.empty())) {
      assertThatThrownBy(() -> model.answer(List.of(generate("a")), (r, a) -> {}, () -> false))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void aFaultyRequestIsNotRepeated() {
    handler = (exchange, request) -> answer(exchange, 400, "no such model");
    try (EvaluationModel model = open(Api.COMPLETIONS, 5, 5, Optional.empty())) {
      assertThatThrownBy(() -> model.answer(List.of(generate("a")), (r, a) -> {}, () -> false))
          .hasMessageContaining("status 400, no such model, after 1 tries");
    }
    assertThat(asked).hasSize(1);
  }

  /** A server for which a token's log-probability is a matter of its number. */
  @Test
  @Tag("golden")
  void withATokenizerTokensAreSentAndEachIsCountedOnce() {
    Path directory = Golden.folder("eval").resolve("tiny-model");
    handler =
        (exchange, request) -> {
          int[] tokens = Golden.ints(request.get("prompt"));
          assertThat(tokens.length).isLessThanOrEqualTo(63);
          answer(exchange, 200, echoOf(tokens));
        };
    List<Request.LogLikelihood> requests =
        List.of(
            new Request.LogLikelihood("The capital of Korea is", " Seoul."),
            new Request.LogLikelihood("", "nothing before"),
            new Request.LogLikelihood("word ".repeat(200), " cut from the left"));
    Map<Request, Response> found =
        responses(open(Api.COMPLETIONS, 20, 0, Optional.of(directory)), List.copyOf(requests));
    for (Request.LogLikelihood request : requests) {
      PromptEncoder.Pair pair = PromptEncoder.of(directory).encode(request);
      Response.LogLikelihood response = (Response.LogLikelihood) found.get(request);
      assertThat(response.sum())
          .isCloseTo(
              Arrays.stream(pair.continuation()).mapToDouble(v -> likelihood(v)).sum(),
              within(1e-9));
      assertThat(response.contextTokens()).isEqualTo(pair.context().length);
      assertThat(response.continuationTokens()).isEqualTo(pair.continuation().length);
    }
  }

  @Test
  @Tag("golden")
  void longTextsAreReadInWindows() {
    Path directory = Golden.folder("eval").resolve("tiny-model");
    handler =
        (exchange, request) -> answer(exchange, 200, echoOf(Golden.ints(request.get("prompt"))));
    String text = "A long text, again and again. ".repeat(40);
    Request request = new Request.RollingLogLikelihood(text);
    int[] tokens = PromptEncoder.of(directory).encode(text);
    Response.RollingLogLikelihood response =
        (Response.RollingLogLikelihood)
            responses(open(Api.COMPLETIONS, 20, 0, Optional.of(directory)), List.of(request))
                .get(request);
    assertThat(response.sum())
        .isCloseTo(Arrays.stream(tokens).mapToDouble(v -> likelihood(v)).sum(), within(1e-6));
    assertThat(response.tokens()).isEqualTo(tokens.length);
    assertThat(response.windows()).isEqualTo((tokens.length + 61) / 62).isEqualTo(asked.size());
  }

  private static double likelihood(int token) {
    return -(token % 97) / 10.0;
  }

  private static String echoOf(int[] tokens) {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode logprobs = answer.putArray("choices").addObject().putObject("logprobs");
    ArrayNode sums = logprobs.putArray("token_logprobs").addNull();
    Arrays.stream(tokens).skip(1).forEach(token -> sums.add(likelihood(token)));
    sums.add(-1000); // the one that was generated
    return answer.toString();
  }
}
