package io.kanana.core.autograd;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;

/**
 * The part of a product that a {@link LowRank} adds, and its gradients. Between the passes it keeps
 * x A', which is as narrow as the rank.
 */
final class LowRankProduct {
  private final Kernels kernels;
  private final Scope scope;
  private final LowRank added;
  private final Tensor inner;

  private LowRankProduct(Kernels kernels, Scope scope, LowRank added, Tensor inner) {
    this.kernels = kernels;
    this.scope = scope;
    this.added = added;
    this.inner = inner;
  }

  /**
   * Adds to the product with the base.
   *
   * @param input [N, in] of the dtype that products take
   * @param out [N, out]
   */
  static LowRankProduct add(Kernels kernels, Scope scope, LowRank added, Tensor input, Tensor out) {
    Tensor down = added.down().compute();
    Tensor inner = scope.allocate(DType.F32, input.dim(0), down.dim(0));
    kernels.matmul(input, false, down, true, inner, false);
    LowRankProduct product =
        new LowRankProduct(kernels, scope, added, operand(kernels, scope, inner, down.dtype()));
    Tensor up = product.up();
    kernels.matmul(product.inner, false, up, true, out, true);
    scope.release(up);
    return product;
  }

  /**
   * Adds to the gradients of input, A and B, and gives back what was kept.
   *
   * @param dOut [N, out] of the dtype that products take
   * @param dInput F32 [N, in]
   */
  void backward(Tensor dOut, Tensor input, Tensor dInput) {
    Tensor up = up();
    Tensor sums = scope.allocate(DType.F32, inner.shape());
    kernels.matmul(dOut, false, up, false, sums, false);
    scope.release(up);
    Tensor dInner = operand(kernels, scope, sums, inner.dtype());
    kernels.matmul(dInner, false, added.down().compute(), false, dInput, true);
    if (added.down().trained()) {
      kernels.matmul(dInner, true, input, false, added.down().gradient(), true);
    }
    scope.release(dInner);
    if (added.up().trained()) {
      addUpGradient(dOut);
    }
    release();
  }

  private void addUpGradient(Tensor dOut) {
    Tensor dSpread = scope.allocate(DType.F32, dOut.dim(1), inner.dim(1));
    kernels.matmul(dOut, true, inner, false, dSpread, false);
    added.addGradient(kernels, dSpread);
    scope.release(dSpread);
  }

  /** Gives back what was kept. */
  void release() {
    scope.release(inner);
  }

  private Tensor up() {
    return operand(kernels, scope, added.spread(kernels, scope), inner.dtype());
  }

  /** A tensor in another dtype; its own memory is given back then. */
  private static Tensor operand(Kernels kernels, Scope scope, Tensor x, DType dtype) {
    if (x.dtype() == dtype) {
      return x;
    }
    Tensor copy = scope.allocate(dtype, x.shape());
    kernels.copy(x, copy);
    scope.release(x);
    return copy;
  }
}
