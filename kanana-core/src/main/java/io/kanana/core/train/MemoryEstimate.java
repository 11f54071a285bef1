package io.kanana.core.train;

import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;

/**
 * What training takes, in bytes, from the shape alone.
 *
 * @param weights values, gradients, two moments, and the rounded copies of mixed precision
 * @param activations what one micro-batch keeps for its backward pass
 */
public record MemoryEstimate(long weights, long activations) {
  /**
   * @param rows sequences of a micro-batch
   * @param recompute whether layers are computed again instead of kept
   */
  public static MemoryEstimate of(
      ModelConfig model, Precision precision, int rows, boolean recompute) {
    int operand = precision.operands().bytes();
    long weights = model.parameterCount() * 4 * Float.BYTES;
    long copies = operand == Float.BYTES ? 0 : model.parameterCount() * operand;
    long tokens = (long) rows * model.contextLength();
    long kept =
        recompute
            ? (long) model.layers() * model.hiddenSize() * Float.BYTES + perLayer(model, operand)
            : model.layers() * perLayer(model, operand);
    return new MemoryEstimate(weights + copies, tokens * kept);
  }

  /** The same where adapters are trained and the model beside them is only read. */
  public MemoryEstimate with(AdapterShape adapters, ModelConfig model) {
    long frozen = model.parameterCount() * 3 * Float.BYTES;
    long trained = adapters.parameterCount(model) * 4 * Float.BYTES;
    return new MemoryEstimate(weights - frozen + trained, activations);
  }

  /** Bytes that a layer keeps for one token: see {@code DecoderLayer}. */
  private static long perLayer(ModelConfig model, int operand) {
    long hidden = model.hiddenSize();
    long heads = (long) model.heads() * model.headDim();
    long projection = heads + 2L * model.kvHeads() * model.headDim();
    long floats = 2 * hidden + model.heads() + 2L * model.ffnSize();
    long operands = 2 * hidden + projection + heads + model.ffnSize();
    return floats * Float.BYTES + operands * operand;
  }
}
