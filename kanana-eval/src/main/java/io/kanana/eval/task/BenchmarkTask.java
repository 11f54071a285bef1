package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Shorthand;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.Score;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions, what is asked of a model about each, and what the answers are worth. Task files become
 * such tasks; one that a file cannot say is written in Java and found as an {@link
 * io.kanana.core.extension.Extension} of kind {@link Config}.
 *
 * <p>Implementations are safe for use by several threads once the examples were made.
 */
public interface BenchmarkTask {
  /**
   * An element of {@code tasks:} in a configuration; plain text is the name of a task, a group or a
   * tag of the task files.
   */
  @Shorthand(type = "named", key = "name")
  interface Config {
    /** Makes the task, or several under a group. */
    TaskTree create(TaskLibrary library);
  }

  /**
   * A figure that the task has.
   *
   * @param metric such as {@code acc}
   * @param filter what was done to the answers before, {@code none} for nothing
   */
  record Measure(String metric, String filter, Aggregation aggregation, boolean higherIsBetter) {
    /** As lm-evaluation-harness writes it: {@code acc,none}. */
    public String key() {
      return metric + "," + filter;
    }
  }

  /**
   * One question.
   *
   * @param index of the document among all of the task
   * @param gold what is right, as the task says it
   * @param shots indexes of the documents that were shown before; empty where they have none
   * @param requests at least one
   */
  record Example(
      int index, ObjectNode document, JsonNode gold, List<Integer> shots, List<Request> requests) {
    public Example {
      shots = List.copyOf(shots);
      requests = List.copyOf(requests);
    }
  }

  /**
   * A question with everything that was asked about it.
   *
   * @param requests those of the example, and those that {@link #next} added
   * @param responses one for each request, in their order
   */
  record Answered(Example example, List<Request> requests, List<Response> responses) {
    public Answered {
      requests = List.copyOf(requests);
      responses = List.copyOf(responses);
    }
  }

  /**
   * What the answers to one question are worth.
   *
   * @param filtered what was scored, by filter; empty where it is the answers themselves
   * @param scores by the key of the measure
   */
  record Outcome(Map<String, JsonNode> filtered, Map<String, Score> scores) {}

  /** The name under which its figures stand. */
  String name();

  /** Raised when its figures are no longer comparable with those before. */
  String version();

  /** Settings that its figures depend on, for the results. */
  ObjectNode settings(PromptSettings settings);

  /**
   * All questions, in order.
   *
   * @throws io.kanana.core.error.KananaException if the data cannot be had or do not fit
   */
  List<Example> examples(PromptSettings settings);

  /**
   * What is asked after some answers, such as the second turn of a conversation; empty where that
   * was all. Called until it is.
   *
   * @param responses to all that was asked about the example so far
   */
  Optional<Request> next(Example example, List<Response> responses, PromptSettings settings);

  /** What each question is worth, in their order. */
  List<Outcome> score(List<Answered> questions);

  /** What {@link #score} gives scores for, in the order of a table. */
  List<Measure> measures();
}
