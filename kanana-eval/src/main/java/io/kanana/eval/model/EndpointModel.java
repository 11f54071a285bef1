package io.kanana.eval.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.chat.ChatClient;
import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.request.Spaces;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A model behind an endpoint of OpenAI's form. Log-likelihoods are read from {@code completions}
 * with {@code echo} and {@code logprobs}; texts are generated there or in {@code chat/completions}.
 *
 * <p>With a tokenizer of the model, tokens are sent and scored as for a model in this process.
 * Without one, texts are sent, and a continuation's tokens are those that end after its context.
 */
public final class EndpointModel implements EvaluationModel {
  /** What the endpoint is asked. */
  public enum Api {
    COMPLETIONS,
    CHAT
  }

  private static final String COMPLETIONS = "completions";
  private static final String CHAT = "chat/completions";

  /** The most that OpenAI takes; texts are cut here in any case. */
  private static final int MOST_STOPS = 4;

  /** Pieces of work that are handed out at once, for each request under way. */
  private static final int ROUNDS = 16;

  private final Config config;
  private final ChatClient client;
  private final Optional<PromptEncoder> encoder;

  /**
   * Settings of {@code type: endpoint}.
   *
   * @param url up to and without {@code /completions}: {@code http://127.0.0.1:8000/v1}
   * @param model its name at the endpoint
   * @param apiKeyVariable the environment variable with the key, where one is needed
   * @param tokenizer a directory with the model's {@code tokenizer.json}; needed for long texts and
   *     empty contexts
   * @param maxLength the context of the model: with a tokenizer, one token less is sent, since one
   *     is generated
   * @param concurrency requests at once
   * @param timeoutSeconds for one answer
   * @param retries of a request that failed for a reason that may pass
   */
  public record Config(
      String url,
      String model,
      Api api,
      Optional<String> apiKeyVariable,
      Optional<Path> tokenizer,
      int maxLength,
      int concurrency,
      int timeoutSeconds,
      int retries)
      implements EvaluationModel.Config {
    public Config {
      Check.that(maxLength > 2, "max-length", "must be at least 3, got %s", maxLength);
      // the rules of an endpoint are its own; made here so that they are told with all others
      endpoint(url, model, apiKeyVariable, concurrency, timeoutSeconds, retries);
    }

    private static ChatEndpoint endpoint(
        String url,
        String model,
        Optional<String> apiKeyVariable,
        int concurrency,
        int timeoutSeconds,
        int retries) {
      return new ChatEndpoint(url, model, apiKeyVariable, 1, concurrency, timeoutSeconds, retries);
    }

    @Override
    public EvaluationModel open(Clock clock) {
      return open(System::getenv, Thread::sleep);
    }

    EvaluationModel open(UnaryOperator<String> environment, ChatClient.Pause pause) {
      tokenizerPlace().ifPresent(NamedDirectory::check);
      ChatEndpoint endpoint =
          endpoint(url, model, apiKeyVariable, concurrency, timeoutSeconds, retries);
      return new EndpointModel(this, endpoint.open(environment, pause));
    }

    @Override
    public String label() {
      return model + " at " + url;
    }

    @Override
    public String plan() {
      return tokenizerPlace().map(place -> place.plan(label())).orElse(label());
    }

    private Optional<NamedDirectory> tokenizerPlace() {
      return tokenizer.map(path -> new NamedDirectory("model.tokenizer", path, "the tokenizer"));
    }

    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }
  }

  private EndpointModel(Config config, ChatClient client) {
    this.config = config;
    this.client = client;
    this.encoder = config.tokenizer().map(PromptEncoder::of);
  }

  @Override
  public ObjectNode identity() {
    ObjectNode identity =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "endpoint")
            .put("url", config.url())
            .put("model", config.model())
            .put("api", Names.of(config.api()))
            .put("maxLength", config.maxLength());
    config.tokenizer().ifPresent(path -> identity.put("tokenizer", path.toString()));
    return identity;
  }

  @Override
  public Context conversation(List<Message> messages, boolean answerBegun) {
    if (config.api() != Api.CHAT) {
      throw new ConfigException(
          "chat", "needs an endpoint of chats; add model.api: chat, or leave chat out");
    }
    return new Context.Conversation(messages);
  }

  @Override
  public void answer(List<? extends Request> requests, Answers answers, BooleanSupplier stop) {
    int round = client.concurrency() * ROUNDS;
    for (int begin = 0; begin < requests.size() && !stop.getAsBoolean(); begin += round) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (Request request : requests.subList(begin, Math.min(begin + round, requests.size()))) {
        work.add(() -> stop.getAsBoolean() || tell(request, answers));
      }
      client.together(work);
    }
  }

  private boolean tell(Request request, Answers answers) {
    Response response = response(request);
    synchronized (answers) {
      answers.answered(request, response);
    }
    return true;
  }

  private Response response(Request request) {
    return switch (request) {
      case Request.LogLikelihood likelihood ->
          encoder.isPresent() ? byTokens(likelihood, encoder.get()) : byText(likelihood);
      case Request.RollingLogLikelihood rolling -> rolling(rolling);
      case Request.GenerateUntil text -> generated(text);
    };
  }

  private ObjectNode body() {
    return JsonNodeFactory.instance.objectNode().put("model", config.model());
  }

  private ObjectNode echoing() {
    if (config.api() == Api.CHAT) {
      throw new ConfigException(
          "model.api",
          "is chat, which gives no log-likelihoods; use completions, or tasks that generate texts");
    }
    return body().put("max_tokens", 1).put("temperature", 0).put("logprobs", 1).put("echo", true);
  }

  private Response byTokens(Request.LogLikelihood request, PromptEncoder tokens) {
    PromptEncoder.Pair pair = tokens.encode(request);
    Sequence sequence = Sequence.of(request, pair, mostRead());
    EchoedTokens echoed = echoed(about(request.continuation()), sequence);
    int from = sequence.from() + 1;
    return new Response.LogLikelihood(
        echoed.sum(from, from + pair.continuation().length),
        echoed.greedy(from, from + pair.continuation().length),
        pair.context().length,
        pair.continuation().length);
  }

  /**
   * Tokens before the last one that is scored; with it and the generated one the context is full.
   */
  private int mostRead() {
    return config.maxLength() - 2;
  }

  private EchoedTokens echoed(String about, Sequence sequence) {
    ObjectNode body = echoing();
    ArrayNode prompt = body.putArray("prompt");
    for (int token : sequence.input()) {
      prompt.add(token);
    }
    prompt.add(sequence.targets()[sequence.targets().length - 1]);
    int sent = prompt.size();
    return client.post(
        about,
        COMPLETIONS,
        body,
        answer -> EchoedTokens.of(answer).filter(echoed -> echoed.size() >= sent));
  }

  private Response byText(Request.LogLikelihood request) {
    String context = Spaces.stripEnd(request.context());
    if (context.isEmpty()) {
      throw needsTokenizer("a text whose context is empty");
    }
    String whole = request.context() + request.continuation();
    int codePoints = whole.codePointCount(0, whole.length());
    EchoedTokens echoed =
        client.post(
            about(request.continuation()),
            COMPLETIONS,
            echoing().put("prompt", whole),
            answer -> EchoedTokens.of(answer).filter(tokens -> tokens.cover(codePoints)));
    int begin = echoed.firstEndingAfter(context.codePointCount(0, context.length()));
    int end = echoed.firstBeginningAt(codePoints);
    return new Response.LogLikelihood(
        echoed.sum(begin, end), echoed.greedy(begin, end), begin, end - begin);
  }

  private ConfigException needsTokenizer(String what) {
    return new ConfigException(
        "model.tokenizer",
        "is needed to score "
            + what
            + ": name a directory with the tokenizer of "
            + config.model());
  }

  private Response rolling(Request.RollingLogLikelihood request) {
    PromptEncoder tokens = encoder.orElseThrow(() -> needsTokenizer("whole texts"));
    int[] ids = tokens.encode(request.text());
    RollingWindows windows = new RollingWindows(tokens.prefix(), mostRead(), 1);
    double sum = 0;
    List<RollingWindows.Window> cut = windows.of(ids);
    for (RollingWindows.Window window : cut) {
      Sequence sequence = Sequence.of(window.context(), window.scored(), mostRead());
      EchoedTokens echoed = echoed(about(request.text()), sequence);
      int from = sequence.from() + 1;
      sum += echoed.sum(from, from + window.scored().length);
    }
    return new Response.RollingLogLikelihood(sum, ids.length, cut.size());
  }

  private Response generated(Request.GenerateUntil request) {
    Generation generation = request.generation();
    ObjectNode body =
        body()
            .put("max_tokens", generation.maxTokens())
            .put("temperature", generation.temperature());
    if (generation.temperature() > 0) {
      body.put("top_p", generation.topP()).put("seed", request.repeat());
    }
    if (!generation.until().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      generation.until().stream().limit(MOST_STOPS).forEach(stop::add);
    }
    boolean chat = config.api() == Api.CHAT;
    if (chat) {
      addMessages(body.putArray("messages"), request.context());
    } else {
      body.put("prompt", request.context().text());
    }
    return client.post(
        about(request.context().text()),
        chat ? CHAT : COMPLETIONS,
        body,
        answer ->
            text(answer, chat ? "/choices/0/message/content" : "/choices/0/text", generation));
  }

  private static void addMessages(ArrayNode messages, Context context) {
    switch (context) {
      case Context.Text text ->
          messages.addObject().put("role", "user").put("content", text.text());
      case Context.Conversation conversation ->
          conversation
              .messages()
              .forEach(
                  message ->
                      messages
                          .addObject()
                          .put("role", message.role())
                          .put("content", message.content()));
    }
  }

  private static Optional<Response> text(JsonNode answer, String place, Generation generation) {
    JsonNode content = answer.at(place);
    if (!content.isTextual() && !content.isNull()) {
      return Optional.empty();
    }
    JsonNode usage = answer.path("usage");
    return Optional.of(
        new Response.Generated(
            generation.cut(content.isNull() ? "" : content.textValue()),
            usage.path("prompt_tokens").asInt(),
            usage.path("completion_tokens").asInt()));
  }

  private static String about(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return '"' + (line.length() > 40 ? "..." + line.substring(line.length() - 40) : line) + '"';
  }

  @Override
  public double flops() {
    return 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
