package io.kanana.eval.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers as they come, a line of JSON for each, so that a run that was killed asks for nothing
 * twice. The first line says which model gave them. For one thread at a time.
 */
public final class Journal implements Answers, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "model";
  private static final String REQUEST = "request";
  private static final int KEY_DIGITS = 32;

  private final Path file;
  private final ObjectNode identity;
  private final Map<String, Response> known = new HashMap<>();
  private final JsonLog log;
  private boolean begun;

  /**
   * Opens the journal of an interrupted run, or begins one.
   *
   * @param identity of the model
   * @throws ConfigException if the answers in it are another model's
   * @throws DataException if it cannot be read or written
   */
  public Journal(Path file, ObjectNode identity) {
    this.file = file;
    this.identity = identity;
    this.log = JsonLog.open(file, this::read);
    if (!begun) {
      log.add(List.of(JSON.createObjectNode().<ObjectNode>set(MODEL, identity)));
    }
  }

  private void read(JsonNode entry) {
    if (!begun) {
      begun = true;
      checkModel(entry.path(MODEL));
    } else {
      known.put(entry.path(REQUEST).asText(), response(entry));
    }
  }

  /** Compares as text: what was read back has other kinds of numbers. */
  private void checkModel(JsonNode before) {
    if (!before.toString().equals(identity.toString())) {
      throw new ConfigException(
          MODEL,
          "is "
              + identity
              + ", but the answers in "
              + file
              + " are those of "
              + before
              + "; name another output, or remove the file");
    }
  }

  @Override
  public Optional<Response> find(Request request) {
    return Optional.ofNullable(known.get(key(request)));
  }

  @Override
  public void keep(Request request, Response response) {
    String key = key(request);
    known.put(key, response);
    log.add(List.of(line(key, response)));
  }

  @Override
  public void close() {
    log.close();
  }

  /** What a request is known by: a hash of all that it consists of. */
  static String key(Request request) {
    ArrayNode parts = JSON.createArrayNode();
    switch (request) {
      case Request.LogLikelihood likelihood ->
          parts.add("log-likelihood").add(likelihood.context()).add(likelihood.continuation());
      case Request.RollingLogLikelihood rolling -> parts.add("rolling").add(rolling.text());
      case Request.GenerateUntil text -> {
        parts.add("generate").add(text.repeat());
        addContext(parts, text.context());
        addGeneration(parts, text.generation());
      }
    }
    byte[] bytes = parts.toString().getBytes(StandardCharsets.UTF_8);
    return Sha256.of(bytes).substring(0, KEY_DIGITS);
  }

  private static void addContext(ArrayNode parts, Context context) {
    switch (context) {
      case Context.Text text -> parts.add(text.text());
      case Context.Conversation conversation -> {
        ArrayNode turns = parts.addArray();
        conversation
            .messages()
            .forEach(message -> turns.addArray().add(message.role()).add(message.content()));
      }
    }
  }

  private static void addGeneration(ArrayNode parts, Generation generation) {
    parts.add(generation.maxTokens()).add(generation.temperature()).add(generation.topP());
    ArrayNode until = parts.addArray();
    generation.until().forEach(until::add);
  }

  private static ObjectNode line(String key, Response response) {
    ObjectNode line = JSON.createObjectNode().put(REQUEST, key);
    return switch (response) {
      case Response.LogLikelihood likelihood ->
          line.put("sum", likelihood.sum())
              .put("greedy", likelihood.greedy())
              .put("contextTokens", likelihood.contextTokens())
              .put("tokens", likelihood.continuationTokens());
      case Response.RollingLogLikelihood rolling ->
          line.put("sum", rolling.sum())
              .put("windows", rolling.windows())
              .put("tokens", rolling.tokens());
      case Response.Generated text ->
          line.put("text", text.text())
              .put("contextTokens", text.contextTokens())
              .put("tokens", text.tokens());
    };
  }

  private Response response(JsonNode line) {
    int tokens = line.path("tokens").asInt();
    if (line.path("text").isTextual()) {
      return new Response.Generated(
          line.get("text").textValue(), line.path("contextTokens").asInt(), tokens);
    }
    if (!line.path("sum").isNumber()) {
      throw new DataException(
          file + ": the entry " + line + " has neither text nor sum; remove it to ask it anew");
    }
    double sum = line.get("sum").doubleValue();
    return line.has("windows")
        ? new Response.RollingLogLikelihood(sum, tokens, line.path("windows").asInt())
        : new Response.LogLikelihood(
            sum, line.path("greedy").asBoolean(), line.path("contextTokens").asInt(), tokens);
  }
}
