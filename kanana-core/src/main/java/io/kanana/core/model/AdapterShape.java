package io.kanana.core.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which matrices of a model get an addition of low rank (LoRA; Hu et al., arXiv 2106.09685), the
 * same ones in every layer, and how large.
 *
 * @param rank r, columns of B and rows of A
 * @param scale what B A is multiplied by
 * @param targets at least one
 */
public record AdapterShape(int rank, double scale, Set<Projection> targets) {
  public AdapterShape {
    if (rank < 1 || !Double.isFinite(scale) || targets.isEmpty()) {
      throw new IllegalArgumentException(
          "no adapters have rank " + rank + ", scale " + scale + " and targets " + targets);
    }
    targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
  }

  public static AdapterShape of(int rank, double scale, Collection<Projection> targets) {
    return new AdapterShape(rank, scale, EnumSet.copyOf(targets));
  }

  /** Whether a published weight gets something added. */
  public boolean adapts(String weight) {
    return targets.stream().anyMatch(target -> target.isOf(weight));
  }

  /** For people: {@code rank 16, scale 2.0, q_proj, v_proj}. */
  public String describe() {
    String names = targets.stream().map(Projection::shortName).collect(Collectors.joining(", "));
    return "rank " + rank + ", scale " + scale + ", " + names;
  }

  /** Numbers in A and B of a whole model. */
  public long parameterCount(ModelConfig model) {
    return WeightAxes.of(model)
        .filter(weight -> adapts(weight.name()))
        .flatMap(weight -> weight.dimensions().stream())
        .mapToLong(dimension -> rank * dimension.size(model))
        .sum();
  }

  /**
   * How many more operations a token takes, forward and backward, than where the model itself is
   * trained: 6 for each number of A and B, and none for gradients of the model's matrices, which
   * are 2 for each of their weights. Below 0 unless the rank is large.
   */
  public double addedFlopsPerToken(ModelConfig model) {
    return 6.0 * parameterCount(model) - 2.0 * model.matrixParameterCount();
  }
}
