package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What {@code generation_config.json} suggests for sampling; absent where it says nothing.
 *
 * @param sample whether to draw tokens rather than take the likeliest
 */
public record GenerationConfig(
    SpecialTokens tokens,
    Optional<Boolean> sample,
    OptionalDouble temperature,
    OptionalInt topK,
    OptionalDouble topP,
    OptionalDouble minP,
    OptionalDouble repetitionPenalty) {
  /** The file's name. */
  public static final String FILE = "generation_config.json";

  private static final int LARGEST = 1 << 20;

  /** Ids only. */
  public static GenerationConfig of(SpecialTokens tokens) {
    return new GenerationConfig(
        tokens,
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /**
   * Reads the file of a model directory, if there is one.
   *
   * @throws CheckpointException if it is malformed
   */
  public static Optional<GenerationConfig> read(Path directory) {
    Path file = directory.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(parse(CheckpointJson.read(file, LARGEST)))
        : Optional.empty();
  }

  private static GenerationConfig parse(JsonFields json) {
    return new GenerationConfig(
        SpecialTokens.read(json),
        json.has("do_sample") ? Optional.of(json.flag("do_sample", false)) : Optional.empty(),
        json.number("temperature"),
        json.has("top_k") ? OptionalInt.of(json.requireInt("top_k")) : OptionalInt.empty(),
        json.number("top_p"),
        json.number("min_p"),
        json.number("repetition_penalty"));
  }

  /** The file's content. */
  public byte[] toJson() {
    ObjectNode json = CheckpointJson.object();
    tokens.write(json);
    sample.ifPresent(value -> json.put("do_sample", value));
    temperature.ifPresent(value -> json.put("temperature", value));
    topK.ifPresent(value -> json.put("top_k", value));
    topP.ifPresent(value -> json.put("top_p", value));
    minP.ifPresent(value -> json.put("min_p", value));
    repetitionPenalty.ifPresent(value -> json.put("repetition_penalty", value));
    return CheckpointJson.write(json);
  }
}
