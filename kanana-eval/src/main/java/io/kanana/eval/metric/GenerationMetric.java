package io.kanana.eval.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What a generated answer is worth. Chosen in a task's {@code metric_list} by the name of an {@link
 * io.kanana.core.extension.Extension} of kind {@link Config}, where {@code _} and {@code -} are the
 * same. Implementations are safe for use by several threads.
 */
public interface GenerationMetric {
  /** Options of a metric as a task gives them. */
  interface Config {
    /**
     * Makes the metric.
     *
     * @throws io.kanana.core.error.ConfigException if the context does not allow what it does
     */
    GenerationMetric create(MetricContext context);
  }

  /**
   * One answered question.
   *
   * @param references right answers, at least one
   * @param prediction what the filters left: text, or a list of texts where none took the first
   */
  record Answer(ObjectNode document, List<String> references, JsonNode prediction) {
    /** The prediction, or the first of several. */
    String text() {
      return prediction.isArray() ? prediction.path(0).asText() : prediction.asText();
    }
  }

  /** What {@link #score} has scores for, in the order of a table. */
  List<String> names();

  /** The score of an answer under each of the names. */
  Map<String, Score> score(Answer answer);

  /** What puts the scores under a name together, unless the task says so. */
  Aggregation aggregation(String name);

  /** Whether more of it is better, unless the task says so. */
  boolean higherIsBetter();
}
