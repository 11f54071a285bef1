package io.kanana.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.eval.metric.Score;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.run.TaskResult.Sample;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A line of {@code samples.jsonl}: a question with all that came of it. */
final class SampleJson {
  static final String TASK = "task";
  static final String INDEX = "index";
  static final String PROMPT_HASH = "promptHash";
  static final String PROMPT = "prompt";
  static final String SCORES = "scores";
  static final String ANSWERS = "answers";

  private SampleJson() {}

  static ObjectNode of(String task, Sample sample) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    List<Request> requests = sample.answered().requests();
    String prompt = prompt(requests.getFirst());
    json.put(TASK, task).put(INDEX, sample.example().index());
    json.put(PROMPT_HASH, Sha256.of(prompt.getBytes(StandardCharsets.UTF_8)).substring(0, 16));
    json.put(PROMPT, context(requests.getFirst()));
    json.set("document", sample.example().document());
    json.set("gold", sample.example().gold());
    if (!sample.example().shots().isEmpty()) {
      ArrayNode shots = json.putArray("shots");
      sample.example().shots().forEach(shots::add);
    }
    ArrayNode answers = json.putArray(ANSWERS);
    for (int i = 0; i < requests.size(); i++) {
      answers.add(answer(requests.get(i), sample.responses().get(i)));
    }
    if (!sample.outcome().filtered().isEmpty()) {
      ObjectNode filtered = json.putObject("filtered");
      sample.outcome().filtered().forEach(filtered::set);
    }
    ObjectNode scores = json.putObject(SCORES);
    sample.outcome().scores().forEach((key, score) -> addScore(scores, key, score));
    return json;
  }

  /** All that a model was given to read. */
  static String prompt(Request request) {
    return switch (request) {
      case Request.LogLikelihood likelihood ->
          likelihood.context() + "\0" + likelihood.continuation();
      case Request.RollingLogLikelihood rolling -> rolling.text();
      case Request.GenerateUntil text -> text.context().text();
    };
  }

  private static String context(Request request) {
    return request instanceof Request.LogLikelihood likelihood
        ? likelihood.context()
        : prompt(request);
  }

  private static ObjectNode answer(Request request, Response response) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (response) {
      case Response.LogLikelihood found ->
          json.put("continuation", ((Request.LogLikelihood) request).continuation())
              .put("logLikelihood", found.sum())
              .put("greedy", found.greedy())
              .put("contextTokens", found.contextTokens())
              .put("tokens", found.continuationTokens());
      case Response.RollingLogLikelihood found ->
          json.put("logLikelihood", found.sum())
              .put("tokens", found.tokens())
              .put("windows", found.windows());
      case Response.Generated found ->
          json.put("text", found.text())
              .put("contextTokens", found.contextTokens())
              .put("tokens", found.tokens());
    };
  }

  private static void addScore(ObjectNode scores, String key, Score score) {
    switch (score) {
      case Score.Value value -> scores.put(key, value.value());
      case Score.Classes classes ->
          scores.putObject(key).put("gold", classes.gold()).put("predicted", classes.predicted());
      case Score.Amount amount ->
          scores.putObject(key).put("sum", amount.sum()).put("weight", amount.weight());
      case Score.Distribution distribution -> {
        ObjectNode object = scores.putObject(key).put("gold", distribution.gold());
        ArrayNode probabilities = object.putArray("probabilities");
        distribution.probabilities().forEach(probabilities::add);
      }
      case Score.Figures figures ->
          scores.putObject(key).put("gold", figures.gold()).put("predicted", figures.predicted());
    }
  }
}
