package io.kanana.eval.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers as they come, a line of JSON for each, so that a run that was killed asks for nothing
 * twice. The first line says which model gave them. A last line that a kill left unfinished is
 * dropped. For one thread at a time.
 */
public final class Journal implements Answers, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "model";
  private static final String REQUEST = "request";
  private static final int KEY_DIGITS = 32;

  private final Path file;
  private final Map<String, Response> known = new HashMap<>();
  private final Writer writer;

  /**
   * Opens the journal of an interrupted run, or begins one.
   *
   * @param identity of the model
   * @throws ConfigException if the answers in it are another model's
   * @throws DataException if it cannot be read or written
   */
  public Journal(Path file, ObjectNode identity) {
    this.file = file;
    try {
      String whole = Files.exists(file) ? wholeLines(Files.readString(file)) : "";
      read(whole, identity);
      WholeFile.write(file, whole.isEmpty() ? header(identity) : whole);
      this.writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be used: " + Reason.of(e), e);
    }
  }

  private static String header(ObjectNode identity) {
    return JSON.createObjectNode().<ObjectNode>set(MODEL, identity) + "\n";
  }

  private static String wholeLines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  private void read(String whole, ObjectNode identity) {
    int number = 0;
    for (String line : whole.split("\n", -1)) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      JsonNode entry = parsed(number, line);
      if (number == 1) {
        checkModel(entry.path(MODEL), identity);
      } else {
        known.put(entry.path(REQUEST).asText(), response(number, entry));
      }
    }
  }

  private JsonNode parsed(int number, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw damaged(number, e);
    }
  }

  private DataException damaged(int number, Exception e) {
    return new DataException(
        file
            + ", line "
            + number
            + ": is damaged ("
            + e.getMessage().lines().findFirst().orElse("")
            + "); remove the file to ask everything anew",
        e);
  }

  /** Compares as text: what was read back has other kinds of numbers. */
  private void checkModel(JsonNode before, ObjectNode now) {
    if (!before.toString().equals(now.toString())) {
      throw new ConfigException(
          MODEL,
          "is "
              + now
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
    try {
      writer.write(line(key, response) + "\n");
      writer.flush();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
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

  private Response response(int number, JsonNode line) {
    int tokens = line.path("tokens").asInt();
    if (line.path("text").isTextual()) {
      return new Response.Generated(
          line.get("text").textValue(), line.path("contextTokens").asInt(), tokens);
    }
    if (!line.path("sum").isNumber()) {
      throw damaged(number, new IOException("it has neither text nor sum"));
    }
    double sum = line.get("sum").doubleValue();
    return line.has("windows")
        ? new Response.RollingLogLikelihood(sum, tokens, line.path("windows").asInt())
        : new Response.LogLikelihood(
            sum, line.path("greedy").asBoolean(), line.path("contextTokens").asInt(), tokens);
  }
}
