package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.ModelConfig;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * What {@code config.json} of a Hugging Face directory says about a Llama model.
 *
 * @param type of the weights: F32, BF16, F16 or F64
 * @param initialiserRange standard deviation of the matrices before training, where it is known
 */
public record HuggingFaceConfig(
    ModelConfig model, StoredType type, SpecialTokens tokens, OptionalDouble initialiserRange) {
  /** The file's name. */
  public static final String FILE = "config.json";

  private static final int LARGEST = 1 << 20;

  /**
   * Reads the keys of transformers 4 and 5. Keys that do not change what the model computes are
   * left aside; what would change it and is not supported is refused by name.
   *
   * @throws CheckpointException naming file and key
   */
  public static HuggingFaceConfig read(Path file) {
    return LlamaJson.read(CheckpointJson.read(file, LARGEST));
  }

  static HuggingFaceConfig parse(String file, byte[] json) {
    return LlamaJson.read(CheckpointJson.parse(file, json));
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
