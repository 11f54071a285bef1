package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * What {@code config.json} of a Hugging Face directory says about a Llama model.
 *
 * @param type of the weights: F32, BF16, F16 or F64
 * @param initialiserRange standard deviation of the matrices before training, where it is known
 * @param head what the model makes of its hidden states
 */
public record HuggingFaceConfig(
    ModelConfig model,
    StoredType type,
    SpecialTokens tokens,
    OptionalDouble initialiserRange,
    ModelHead head) {
  /** The file's name. */
  public static final String FILE = "config.json";

  private static final int LARGEST = 1 << 20;

  /** Of a language model. */
  public HuggingFaceConfig(
      ModelConfig model, StoredType type, SpecialTokens tokens, OptionalDouble initialiserRange) {
    this(model, type, tokens, initialiserRange, ModelHead.TOKENS);
  }

  /**
   * Reads the keys of transformers 4 and 5 for a language model. Keys that do not change what the
   * model computes are left aside; what would change it and is not supported is refused by name.
   *
   * @throws CheckpointException naming file and key; also for a reward model
   */
  public static HuggingFaceConfig read(Path file) {
    return read(file, ModelHead.TOKENS);
  }

  /**
   * The same for a model of either kind.
   *
   * @throws CheckpointException naming file and key; also for a model of the other kind
   */
  public static HuggingFaceConfig read(Path file, ModelHead kind) {
    return LlamaJson.read(CheckpointJson.read(file, LARGEST), kind);
  }

  /**
   * Whether the file is that of a reward model, whatever else it says.
   *
   * @throws CheckpointException if it is no JSON object
   */
  public static boolean isReward(Path file) {
    return LlamaJson.head(CheckpointJson.read(file, LARGEST)) == ModelHead.SCORE;
  }

  static HuggingFaceConfig parse(String file, byte[] json) {
    return parse(file, json, ModelHead.TOKENS);
  }

  static HuggingFaceConfig parse(String file, byte[] json, ModelHead kind) {
    return LlamaJson.read(CheckpointJson.parse(file, json), kind);
  }

  /**
   * The file's content. Facts that transformers 5 renamed stand under both names, so that older
   * programs read them too.
   */
  public byte[] toJson() {
    ObjectNode json = LlamaJson.write(this);
    tokens.write(json);
    initialiserRange.ifPresent(range -> json.put("initializer_range", range));
    return CheckpointJson.write(json);
  }
}
