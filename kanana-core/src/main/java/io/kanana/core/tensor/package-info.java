/**
 * Tensors, the memory they live in, and the coarse operations a decoder needs.
 *
 * <p>A {@link io.kanana.core.tensor.TensorBackend} brings both. Axes, here and in every shape
 * error: {@code B} batch, {@code T} time, {@code N = B*T} tokens, {@code C} hidden, {@code H} query
 * heads, {@code K} key/value heads, {@code D} head dim, {@code F} ffn, {@code V} vocabulary. {@code
 * dX} is the gradient of the loss by {@code X}.
 */
package io.kanana.core.tensor;
