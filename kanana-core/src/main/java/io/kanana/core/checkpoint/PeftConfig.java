package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.Projection;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code adapter_config.json} of a PEFT directory says about LoRA adapters.
 *
 * @param base the model that they were made for, as whoever wrote the file called it
 * @param rank r
 * @param alpha what B A is multiplied by, once divided by the rank
 * @param rankStabilised whether it is divided by the root of the rank instead (Kalajdzievski, arXiv
 *     2312.03732)
 * @param targets the adapted matrices of every layer
 */
public record PeftConfig(
    Optional<String> base,
    int rank,
    double alpha,
    boolean rankStabilised,
    Set<Projection> targets) {
  /** The file's name. */
  public static final String FILE = "adapter_config.json";

  private static final int LARGEST = 1 << 20;

  /**
   * Keys that say nothing about what a stored adapter computes: where it comes from, how it was
   * trained, and settings of what is refused unless it is off.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_mapping",
          "inference_mode",
          "lora_dropout",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config");

  private static final Set<String> READ =
      Set.of(
          "base_model_name_or_path",
          "bias",
          "init_lora_weights",
          "lora_alpha",
          "peft_type",
          "r",
          "target_modules",
          "task_type",
          "use_rslora");

  /** Ways to draw A and B that leave the base as it is; others change its weights. */
  private static final Set<String> DRAWN =
      Set.of("null", "true", "false", "\"gaussian\"", "\"orthogonal\"");

  public PeftConfig {
    targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
  }

  /**
   * Reads what PEFT 0.4 and later write. Whatever else such an adapter can have (DoRA, biases,
   * saved modules, other ranks for some layers, ...) is refused by name, and so is any key that is
   * not known and not off.
   *
   * @throws CheckpointException naming file and key
   */
  public static PeftConfig read(Path file) {
    return read(CheckpointJson.read(file, LARGEST));
  }

  private static PeftConfig read(JsonFields json) {
    refuseOthers(json);
    int rank = json.requireInt("r");
    double alpha = json.requireNumber("lora_alpha");
    if (rank < 1) {
      throw json.error("r", "must be at least 1, got " + rank);
    }
    if (!(alpha > 0)) {
      throw json.error("lora_alpha", "must be > 0, got " + alpha);
    }
    return new PeftConfig(
        json.string("base_model_name_or_path").filter(name -> !name.isEmpty()),
        rank,
        alpha,
        json.flag("use_rslora", false),
        targets(json));
  }

  private static void refuseOthers(JsonFields json) {
    allow(json, "peft_type", Set.of("\"LORA\""));
    allow(json, "task_type", Set.of("\"CAUSAL_LM\"", "null"));
    allow(json, "bias", Set.of("\"none\"", "null"));
    allow(json, "init_lora_weights", DRAWN);
    json.keys().stream()
        .filter(key -> !READ.contains(key) && !WITHOUT_EFFECT.contains(key) && json.isOn(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw json.error(
                  key,
                  "must be absent or off, got "
                      + Quoted.of(json.shown(key))
                      + "; such adapters are not supported: train them without it, or merge them with PEFT");
            });
  }

  private static void allow(JsonFields json, String key, Set<String> values) {
    if (!values.contains(json.shown(key))) {
      String rule = values.stream().sorted().collect(Collectors.joining(" or "));
      throw json.error(key, "must be " + rule + ", got " + Quoted.of(json.shown(key)));
    }
  }

  private static Set<Projection> targets(JsonFields json) {
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (String name : json.strings("target_modules")) {
      targets.add(target(name).orElseThrow(() -> unknown(json, name)));
    }
    if (targets.isEmpty()) {
      throw json.error("target_modules", "must name at least one module");
    }
    return targets;
  }

  /** PEFT takes the ends of module names: {@code q_proj} or {@code self_attn.q_proj}. */
  private static Optional<Projection> target(String name) {
    return Arrays.stream(Projection.values())
        .filter(p -> name.equals(p.shortName()) || name.equals(p.module()))
        .findFirst();
  }

  private static CheckpointException unknown(JsonFields json, String name) {
    String known =
        Arrays.stream(Projection.values())
            .map(Projection::shortName)
            .collect(Collectors.joining(", "));
    return json.error(
        "target_modules",
        "must name projections of every layer (" + known + "), got " + Quoted.of(name));
  }

  /** What the adapters look like in a model. */
  public AdapterShape shape() {
    double divisor = rankStabilised ? Math.sqrt(rank) : rank;
    return new AdapterShape(rank, alpha / divisor, targets);
  }

  /** The file's content: every key that PEFT needs to build and load the same adapters. */
  public byte[] toJson() {
    ObjectNode json =
        CheckpointJson.object()
            .put("peft_type", "LORA")
            .put("task_type", "CAUSAL_LM")
            .put("base_model_name_or_path", base.orElse(null))
            .put("r", rank)
            .put("use_rslora", rankStabilised);
    if (alpha == Math.rint(alpha)) {
      json.put("lora_alpha", (long) alpha); // as PEFT declares it
    } else {
      json.put("lora_alpha", alpha);
    }
    ArrayNode names = json.putArray("target_modules");
    targets.forEach(target -> names.add(target.shortName()));
    json.put("bias", "none").put("lora_dropout", 0.0).put("fan_in_fan_out", false);
    json.put("init_lora_weights", true).put("inference_mode", true);
    return CheckpointJson.write(json);
  }
}
