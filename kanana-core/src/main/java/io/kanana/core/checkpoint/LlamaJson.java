package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import java.util.List;

/** {@code config.json} of the Llama family, to and from {@link HuggingFaceConfig}. */
final class LlamaJson {
  private static final double DEFAULT_EPSILON = 1e-6;

  /** How the names of architectures end that score texts, and of those that continue them. */
  private static final String SCORES = "ForSequenceClassification";

  private static final String CONTINUES = "ForCausalLM";

  private LlamaJson() {}

  static HuggingFaceConfig read(JsonFields json, ModelHead kind) {
    refuseOthers(json, kind);
    return new HuggingFaceConfig(
        model(json), type(json), SpecialTokens.read(json), json.number("initializer_range"), kind);
  }

  /** A file without architectures is taken for a language model's. */
  static ModelHead head(JsonFields json) {
    boolean scores =
        json.has("architectures")
            && json.strings("architectures").stream().anyMatch(name -> name.endsWith(SCORES));
    return scores ? ModelHead.SCORE : ModelHead.TOKENS;
  }

  private static void refuseOtherHead(JsonFields json, ModelHead wanted) {
    ModelHead found = head(json);
    if (found == wanted) {
      return;
    }
    throw json.error(
        "architectures",
        found == ModelHead.SCORE
            ? "says that this is a reward model, which scores texts and writes none, where a language"
                + " model is needed; name the model that it was made from"
            : "says that this is a language model where a reward model ("
                + SCORES
                + ") is needed; make one of it with job: reward");
  }

  /** transformers takes two labels unless told of fewer. */
  private static void refuseLabels(JsonFields json) {
    int labels =
        json.has("id2label")
            ? json.requireObject("id2label").keys().size()
            : json.intOr("num_labels", 2);
    if (labels != 1) {
      throw json.error("num_labels", "must be 1 for a reward model, got " + labels);
    }
  }

  private static ModelConfig model(JsonFields json) {
    int hidden = json.requireInt("hidden_size");
    int heads = json.requireInt("num_attention_heads");
    int context = json.requireInt("max_position_embeddings");
    try {
      return new ModelConfig(
          json.requireInt("num_hidden_layers"),
          hidden,
          heads,
          json.intOr("num_key_value_heads", heads),
          headDim(json, hidden, heads),
          json.requireInt("intermediate_size"),
          json.requireInt("vocab_size"),
          context,
          json.number("rms_norm_eps").orElse(DEFAULT_EPSILON),
          RopeJson.read(json, context),
          json.flag("tie_word_embeddings", false));
    } catch (ConfigException e) {
      throw json.error("model", "is not a shape that can be built: " + e.getMessage());
    }
  }

  private static int headDim(JsonFields json, int hidden, int heads) {
    if (json.has("head_dim")) {
      return json.requireInt("head_dim");
    }
    if (heads == 0 || hidden % heads != 0) {
      throw json.error(
          "head_dim", "is missing, and hidden_size " + hidden + " is no multiple of " + heads);
    }
    return hidden / heads;
  }

  private static StoredType type(JsonFields json) {
    String key = json.has("dtype") ? "dtype" : "torch_dtype";
    String name = json.string(key).orElse("float32");
    return switch (name) {
      case "float32" -> StoredType.F32;
      case "bfloat16" -> StoredType.BF16;
      case "float16" -> StoredType.F16;
      case "float64" -> StoredType.F64;
      default ->
          throw json.error(
              key, "must be float32, bfloat16, float16 or float64, got " + Quoted.of(name));
    };
  }

  private static String typeName(StoredType type) {
    return switch (type) {
      case F32 -> "float32";
      case BF16 -> "bfloat16";
      case F16 -> "float16";
      case F64 -> "float64";
      default -> throw new CheckpointException("weights cannot be of " + type);
    };
  }

  private static void refuseOthers(JsonFields json, ModelHead kind) {
    String family = json.requireString("model_type");
    refuseOtherHead(json, kind);
    String ending = kind == ModelHead.SCORE ? SCORES : CONTINUES;
    if (kind == ModelHead.SCORE) {
      refuseLabels(json);
    }
    switch (family) {
      case "llama" -> refuse(json, "architectures", List.of("Llama" + ending));
      case "mistral" -> {
        refuse(json, "architectures", List.of("Mistral" + ending));
        refuseWindow(json);
      }
      default ->
          throw json.error("model_type", "must be llama or mistral, got " + Quoted.of(family));
    }
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (json.flag(bias, false)) {
        throw json.error(bias, "must be false; projections with a bias are not supported");
      }
    }
    String activation = json.string("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw json.error("hidden_act", "must be silu, got " + Quoted.of(activation));
    }
    refusePresent(json);
  }

  private static void refuse(JsonFields json, String key, List<String> supported) {
    if (json.has(key) && !json.strings(key).equals(supported)) {
      throw json.error(key, "must be " + supported + ", got " + Quoted.of("" + json.strings(key)));
    }
  }

  /** A window as long as the context hides nothing. Mistral has one of 4,096 unless told not to. */
  private static void refuseWindow(JsonFields json) {
    if (!json.keys().contains("sliding_window")) {
      throw json.error("sliding_window", "is missing, which means 4096 in this family");
    }
    int context = json.requireInt("max_position_embeddings");
    if (json.intOr("sliding_window", context) < context) {
      throw json.error(
          "sliding_window", "must be null or at least the context; windows are not supported");
    }
  }

  private static void refusePresent(JsonFields json) {
    if (json.has("quantization_config")) {
      throw json.error("quantization_config", "is not supported; use the unquantised weights");
    }
    if (json.number("partial_rotary_factor").orElse(1) != 1) {
      throw json.error("partial_rotary_factor", "must be 1");
    }
    if (json.has("layer_types")
        && json.strings("layer_types").stream().anyMatch(type -> !type.equals("full_attention"))) {
      throw json.error("layer_types", "must all be full_attention");
    }
  }

  static ObjectNode write(HuggingFaceConfig config) {
    ModelConfig model = config.model();
    ObjectNode json = CheckpointJson.object();
    boolean scores = config.head() == ModelHead.SCORE;
    json.putArray("architectures").add("Llama" + (scores ? SCORES : CONTINUES));
    if (scores) {
      json.putObject("id2label").put("0", "LABEL_0");
      json.putObject("label2id").put("LABEL_0", 0);
    }
    json.put("model_type", "llama")
        .put("num_hidden_layers", model.layers())
        .put("hidden_size", model.hiddenSize())
        .put("num_attention_heads", model.heads())
        .put("num_key_value_heads", model.kvHeads())
        .put("head_dim", model.headDim())
        .put("intermediate_size", model.ffnSize())
        .put("vocab_size", model.vocabularySize())
        .put("max_position_embeddings", model.contextLength())
        .put("rms_norm_eps", model.normEpsilon())
        .put("tie_word_embeddings", model.tiedEmbeddings())
        .put("hidden_act", "silu")
        .put("attention_bias", false)
        .put("mlp_bias", false)
        .put("attention_dropout", 0.0)
        .put("use_cache", true)
        .put("dtype", typeName(config.type()))
        .put("torch_dtype", typeName(config.type()));
    RopeJson.write(model.rope(), json);
    return json;
  }
}
