package io.kanana.eval.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One step from what a model said to what is scored. Implementations are immutable. */
public interface ResponseFilter {
  /**
   * The answers after this step.
   *
   * @param responses a list of all answers about the document, or what a step before made of it
   */
  JsonNode apply(JsonNode responses, ObjectNode document);
}
