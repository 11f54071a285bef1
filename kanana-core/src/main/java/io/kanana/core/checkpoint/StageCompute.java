package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What one stage of making a model cost.
 *
 * @param run identity of the run it belongs to: a later checkpoint of a run replaces an earlier one
 *     in a sum
 * @param stage which part of the run: {@code stage-1}
 * @param tokens trained on
 * @param parameters N of the model that was trained
 * @param flops counted operation by operation, forward passes of teachers included
 * @param seconds spent in steps
 */
public record StageCompute(
    String run, String stage, long tokens, long parameters, double flops, double seconds) {
  /** The usual estimate of training: 6 N D. */
  public double sixNdFlops() {
    return 6.0 * parameters * tokens;
  }

  /** Operations per second, 0 where no time was spent. */
  public double achievedFlopsPerSecond() {
    return seconds > 0 ? flops / seconds : 0;
  }

  /** What is counted once when ancestors are added up. */
  String key() {
    return run + "/" + stage;
  }

  static StageCompute read(JsonFields json) {
    return new StageCompute(
        json.requireString("run"),
        json.requireString("stage"),
        json.requireWhole("tokens"),
        json.requireWhole("parameters"),
        json.requireNumber("flops"),
        json.requireNumber("seconds"));
  }

  void write(ObjectNode json) {
    json.put("run", run)
        .put("stage", stage)
        .put("tokens", tokens)
        .put("parameters", parameters)
        .put("flops", flops)
        .put("seconds", seconds)
        .put("sixNdFlops", sixNdFlops())
        .put("achievedFlopsPerSecond", achievedFlopsPerSecond());
  }
}
