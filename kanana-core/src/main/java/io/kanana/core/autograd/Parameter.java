package io.kanana.core.autograd;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A weight that is learned: its F32 value, its gradient, and the form in which matrix products read
 * it.
 *
 * <p>A parameter may hold several published weights one below the other (query, key and value
 * projections; gate and up), so that one product serves them all; {@link #parts} names the rows.
 * The tensors belong to the model's scope.
 */
public final class Parameter {
  /**
   * A published weight within a parameter.
   *
   * @param name the name in a checkpoint: {@code model.layers.0.self_attn.q_proj.weight}
   * @param from its first row
   * @param to the row after its last
   */
  public record Part(String name, int from, int to) {}

  private final List<Part> parts;
  private final boolean decays;
  private final Tensor value;
  private final Tensor gradient;
  private final Tensor compute;
  private LowRank addition;

  /**
   * @param decays whether weight decay applies: matrices but embeddings, not norms
   * @param value F32
   * @param gradient F32 of the same shape; null for a parameter that is not trained
   * @param compute what products read: the value itself, or its BF16 copy
   */
  public Parameter(
      List<Part> parts, boolean decays, Tensor value, Tensor gradient, Tensor compute) {
    this.parts = List.copyOf(parts);
    this.decays = decays;
    this.value = value;
    this.gradient = gradient;
    this.compute = compute;
  }

  /** The published weights in the order of their rows. */
  public List<Part> parts() {
    return parts;
  }

  /** The name of the first part: what errors and metrics call the parameter. */
  public String name() {
    return parts.getFirst().name();
  }

  public boolean decays() {
    return decays;
  }

  public Tensor value() {
    return value;
  }

  /** Whether it has a gradient. */
  public boolean trained() {
    return gradient != null;
  }

  public Tensor gradient() {
    return gradient;
  }

  /** The value as products read it: F32, or BF16 in mixed precision. */
  public Tensor compute() {
    return compute;
  }

  /** The BF16 copy, or null where products read the value itself. */
  public Tensor computeCopy() {
    return compute.dtype() == DType.BF16 ? compute : null;
  }

  /** What {@link Tape#linear} adds to the value where it is the weight. */
  public Optional<LowRank> addition() {
    return Optional.ofNullable(addition);
  }

  /** Sets the {@link #addition}; null takes it away. Nothing of either is changed. */
  public void addition(LowRank added) {
    addition = added;
  }

  /** The rows of a part in one of this parameter's tensors (value, gradient, a moment). */
  public Tensor view(Part part, Tensor tensor) {
    return tensor.slice(part.from(), part.to());
  }
}
