package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import io.kanana.core.model.ModelConfig;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The most that a model may take, in exactly one of three units.
 *
 * @param parameters all weights, a tied matrix once
 * @param nonEmbeddingParameters all weights but embedding and head
 * @param memory while it generates
 */
@OneOf
public record Budget(
    OptionalLong parameters, OptionalLong nonEmbeddingParameters, Optional<Memory> memory) {
  /** Numbers of these weights, and keys and values, are this wide. */
  public enum Width {
    F32(StoredType.F32),
    BF16(StoredType.BF16);

    private final StoredType type;

    Width(StoredType type) {
      this.type = type;
    }
  }

  /**
   * Memory of weights, and of keys and values of sequences that are generated together.
   *
   * @param bytes the most
   * @param sequences generated at a time
   * @param contextLength positions of each
   * @param width of every number
   */
  public record Memory(long bytes, int sequences, int contextLength, Width width) {
    public Memory {
      Check.that(bytes > 0, "bytes", "must be > 0, got %s", bytes);
      Check.that(sequences >= 0, "sequences", "must be at least 0, got %s", sequences);
      Check.that(contextLength >= 0, "context-length", "must be at least 0, got %s", contextLength);
    }

    private long of(ModelConfig shape) {
      long position = 2L * shape.layers() * shape.kvHeads() * shape.headDim();
      long cache = position * sequences * contextLength;
      return (shape.parameterCount() + cache) * width.type.bytes();
    }
  }

  public Budget {
    Check.that(parameters.orElse(1) > 0, "parameters", "must be > 0, got %s", parameters.orElse(0));
    Check.that(
        nonEmbeddingParameters.orElse(1) > 0,
        "non-embedding-parameters",
        "must be > 0, got %s",
        nonEmbeddingParameters.orElse(0));
  }

  /** The most, in the unit that was given. */
  public long limit() {
    return memory
        .map(Memory::bytes)
        .orElseGet(() -> parameters.orElseGet(nonEmbeddingParameters::orElseThrow));
  }

  /** What a shape takes, in the same unit. */
  public long of(ModelConfig shape) {
    if (memory.isPresent()) {
      return memory.get().of(shape);
    }
    return parameters.isPresent() ? shape.parameterCount() : shape.nonEmbeddingParameterCount();
  }
}
