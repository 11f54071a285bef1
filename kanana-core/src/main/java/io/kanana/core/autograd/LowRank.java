package io.kanana.core.autograd;

import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.List;

/**
 * An addition of low rank to a parameter (LoRA; Hu et al., arXiv 2106.09685, equation 3): of each
 * part that has one, the rows W are taken for W + scale * B A, without being changed.
 *
 * <p>The A of all parts lie one below the other, so that one product with the input serves them
 * all. For the products with B, which reach other columns for each part, there is {@link #spread}:
 * its zeros cost a few operations, and spare copies of columns as long as the batch.
 */
public final class LowRank {
  private final Parameter base;
  private final List<Part> adapted;
  private final Parameter down;
  private final Parameter up;
  private final Tensor scaledIdentity;

  /**
   * @param base [out, in], which is not trained
   * @param adapted those of its parts that get something added
   * @param down A: [parts * r, in], r rows for each adapted part
   * @param up B: [rows of the adapted parts, r], read in F32
   * @param scaledIdentity F32 [parts * r, parts * r]: scale on the diagonal, else zero
   */
  public LowRank(
      Parameter base, List<Part> adapted, Parameter down, Parameter up, Tensor scaledIdentity) {
    this.base = base;
    this.adapted = List.copyOf(adapted);
    this.down = down;
    this.up = up;
    this.scaledIdentity = scaledIdentity;
  }

  /** A, with a part for each adapted part. */
  public Parameter down() {
    return down;
  }

  /** B, with a part for each adapted part. */
  public Parameter up() {
    return up;
  }

  /** Adds scale * B A to the base's value, for good. */
  public void merge(Kernels kernels, Scope scope) {
    Tensor spread = spread(kernels, scope);
    kernels.matmul(spread, false, down.value(), false, base.value(), true);
    scope.release(spread);
  }

  /** scale * B with the columns of each part beside those of the others: F32 [out, parts * r]. */
  Tensor spread(Kernels kernels, Scope scope) {
    Tensor spread = scope.zeros(kernels, DType.F32, base.value().dim(0), down.value().dim(0));
    for (int i = 0; i < adapted.size(); i++) {
      Tensor rows = base.view(adapted.get(i), spread);
      Tensor part = up.view(up.parts().get(i), up.value());
      kernels.matmul(part, false, columns(i), false, rows, false);
    }
    return spread;
  }

  /** Adds the gradient of B, given that of {@link #spread}. */
  void addGradient(Kernels kernels, Tensor dSpread) {
    for (int i = 0; i < adapted.size(); i++) {
      Tensor rows = base.view(adapted.get(i), dSpread);
      Tensor part = up.view(up.parts().get(i), up.gradient());
      kernels.matmul(rows, false, columns(i), true, part, true);
    }
  }

  /** What puts B's columns where those of the i-th adapted part are. */
  private Tensor columns(int i) {
    int rank = up.value().dim(1);
    return scaledIdentity.slice(i * rank, (i + 1) * rank);
  }
}
