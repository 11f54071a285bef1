package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rotary settings of {@code config.json}: {@code rope_parameters} of transformers 5, or {@code
 * rope_theta} and {@code rope_scaling} of transformers 4.
 */
final class RopeJson {
  private static final double DEFAULT_THETA = 10_000;

  private RopeJson() {}

  static RopeConfig read(JsonFields json, int context) {
    Optional<JsonFields> now = json.object("rope_parameters");
    Optional<JsonFields> before = json.object("rope_scaling");
    double theta = json.number("rope_theta").orElse(DEFAULT_THETA);
    RopeConfig legacy = new RopeConfig(theta, scaling(before, context));
    if (now.isEmpty()) {
      return legacy;
    }
    RopeConfig current =
        new RopeConfig(now.get().number("rope_theta").orElse(theta), scaling(now, context));
    if ((json.has("rope_theta") && current.theta() != legacy.theta())
        || (before.isPresent() && !current.scaling().equals(legacy.scaling()))) {
      throw json.error(
          "rope_parameters", "says otherwise than rope_theta and rope_scaling; remove one of them");
    }
    return current;
  }

  private static RopeScaling scaling(Optional<JsonFields> given, int context) {
    if (given.isEmpty()) {
      return new RopeScaling.None();
    }
    JsonFields json = given.get();
    if (json.number("partial_rotary_factor").orElse(1) != 1) {
      throw json.error("partial_rotary_factor", "must be 1");
    }
    String key = json.has("rope_type") ? "rope_type" : "type";
    String type = json.string(key).orElse("default");
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(json.requireNumber("factor"));
      case "llama3" -> llama3(json);
      case "yarn" -> yarn(json, context);
      default ->
          throw json.error(key, "must be default, linear, llama3 or yarn, got " + Quoted.of(type));
    };
  }

  private static RopeScaling llama3(JsonFields json) {
    return new RopeScaling.Llama3(
        json.requireNumber("factor"),
        json.requireNumber("low_freq_factor"),
        json.requireNumber("high_freq_factor"),
        json.requireInt("original_max_position_embeddings"));
  }

  private static RopeScaling yarn(JsonFields json, int context) {
    if (!json.flag("truncate", true)) {
      throw json.error("truncate", "must be true; a ramp between fractions is not supported");
    }
    int original = json.intOr("original_max_position_embeddings", context);
    double factor = json.number("factor").orElseGet(() -> (double) context / Math.max(1, original));
    return new RopeScaling.Yarn(
        factor,
        original,
        json.number("beta_fast").orElse(32),
        json.number("beta_slow").orElse(1),
        attentionFactor(json, factor));
  }

  /** Absent where transformers would use the paper's. */
  private static OptionalDouble attentionFactor(JsonFields json, double factor) {
    double mscale = json.number("mscale").orElse(0);
    double all = json.number("mscale_all_dim").orElse(0);
    if (json.has("attention_factor") || mscale == 0 || all == 0) {
      return json.number("attention_factor");
    }
    return OptionalDouble.of(magnitude(factor, mscale) / magnitude(factor, all));
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  static void write(RopeConfig rope, ObjectNode json) {
    write(rope.scaling(), json.putObject("rope_parameters").put("rope_theta", rope.theta()));
    json.put("rope_theta", rope.theta());
    if (rope.scaling() instanceof RopeScaling.None) {
      json.putNull("rope_scaling");
    } else {
      write(rope.scaling(), json.putObject("rope_scaling"));
    }
  }

  private static void write(RopeScaling scaling, ObjectNode json) {
    json.put("rope_type", scaling instanceof RopeScaling.None ? "default" : scaling.type());
    switch (scaling) {
      case RopeScaling.None none -> {}
      case RopeScaling.Linear linear -> json.put("factor", linear.factor());
      case RopeScaling.Llama3 llama3 ->
          json.put("factor", llama3.factor())
              .put("low_freq_factor", llama3.lowFrequencyFactor())
              .put("high_freq_factor", llama3.highFrequencyFactor())
              .put("original_max_position_embeddings", llama3.originalContext());
      case RopeScaling.Yarn yarn -> {
        json.put("factor", yarn.factor())
            .put("beta_fast", yarn.betaFast())
            .put("beta_slow", yarn.betaSlow())
            .put("original_max_position_embeddings", yarn.originalContext());
        yarn.attentionFactor().ifPresent(factor -> json.put("attention_factor", factor));
      }
    }
  }
}
