package io.kanana.benchmarks;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import java.util.Locale;

/**
 * What one call of a kernel has to do, by its shapes alone.
 *
 * @param detail the shapes that matter, or an empty text
 * @param flops of products; 0 for kernels that only stream
 * @param bytes that must be read or written at least once, whatever the caches keep
 */
record Work(String detail, double flops, double bytes) {

  /** A kernel that streams: each tensor is read or written once (name it twice for both). */
  static Work streaming(Tensor... tensors) {
    return new Work("", 0, bytes(tensors));
  }

  static Work product(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out) {
    int m = out.dim(0);
    int n = out.dim(1);
    int k = a.dim(transposeA ? 0 : 1);
    String kind = (transposeA ? "t" : "n") + (transposeB ? "t" : "n");
    String detail = String.format(Locale.ROOT, "%s %dx%dx%d%s", kind, m, n, k, suffix(a));
    return new Work(detail, 2.0 * m * n * k, bytes(a, b, out));
  }

  /**
   * Products of the hidden states [N, C] with a head [V, C].
   *
   * @param products how many of that size
   */
  static Work head(Tensor hidden, Tensor weight, int products, Tensor... others) {
    int rows = hidden.rows();
    String detail =
        String.format(
            Locale.ROOT, "%dx%dx%d%s", rows, weight.dim(0), weight.dim(1), suffix(hidden));
    double flops = 2.0 * products * rows * weight.size();
    return new Work(detail, flops, bytes(hidden, weight) + bytes(others));
  }

  private static String suffix(Tensor operand) {
    return operand.dtype() == DType.BF16 ? " bf16" : "";
  }

  /**
   * Causal attention, of whose T x T scores half are needed.
   *
   * @param products 2 forward; the backward pass counts as 4, though recomputing takes a fifth
   */
  static Work attention(AttentionShape shape, int products, Tensor... tensors) {
    double flops = 1.0 * products * shape.tokens() * shape.outputWidth() * shape.time();
    return new Work(detail(shape), flops, bytes(tensors));
  }

  /**
   * Attention of new positions to a cache.
   *
   * @param keys of the cache, of which only what is filled is read
   * @param lengths positions of each sequence before the new ones
   */
  static Work cachedAttention(AttentionShape shape, Tensor keys, int[] lengths, Tensor... tensors) {
    double scores = 0;
    double positions = 0;
    for (int length : lengths) {
      scores += shape.time() * (length + (shape.time() + 1) / 2.0);
      positions += length + shape.time();
    }
    double cache = 2 * positions * shape.kvHeads() * shape.headDim() * keys.dtype().bytes();
    return new Work(detail(shape), 4 * scores * shape.outputWidth(), bytes(tensors) + cache);
  }

  private static String detail(AttentionShape shape) {
    return String.format(
        Locale.ROOT,
        "%dx%d, %d/%d heads x %d",
        shape.batch(),
        shape.time(),
        shape.heads(),
        shape.kvHeads(),
        shape.headDim());
  }

  /** The size of tensors, of which any may be null. */
  static double bytes(Tensor... tensors) {
    double bytes = 0;
    for (Tensor tensor : tensors) {
      bytes += tensor == null ? 0 : (double) tensor.size() * tensor.dtype().bytes();
    }
    return bytes;
  }
}
