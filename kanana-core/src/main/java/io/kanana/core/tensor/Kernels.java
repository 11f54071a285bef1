package io.kanana.core.tensor;

/**
 * The coarse operations a decoder needs, forward and backward: the interface of a back end.
 *
 * <p>Conventions. Tensors are row-major and dense. "Out" is written, "adds to" accumulates. Float
 * operands are F32, or BF16 where it says so; sums are kept in F32 or better. A result is the same
 * from run to run with the same number of threads. Arguments do not overlap unless it says so.
 * Callers go through {@link CheckedKernels}, so an implementation may rely on dtypes and shapes.
 */
public interface Kernels {
  /** The target that says: no loss here. */
  int IGNORED = -1;

  // ---- elements -------------------------------------------------------------------------------

  /** Sets every element. Any dtype. */
  void fill(Tensor out, double value);

  /** Copies, converting between F32 and BF16 (nearest even); otherwise dtypes are equal. */
  void copy(Tensor source, Tensor out);

  /** out += x. F32. */
  void add(Tensor x, Tensor out);

  /** x *= factor. F32. */
  void scale(Tensor x, double factor);

  /** Adds the sum of the squares of x (F32) to {@code sum} (F64 [1]). */
  void sumOfSquares(Tensor x, Tensor sum);

  // ---- products and tables --------------------------------------------------------------------

  /**
   * out = op(a) op(b), or out += with {@code accumulate}; op transposes where asked.
   *
   * @param a [M, K], or [K, M] transposed; F32 or BF16
   * @param b [K, N], or [N, K] transposed; of a's dtype
   * @param out [M, N]; F32
   */
  void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate);

  /**
   * out[i] = table[rows[i]].
   *
   * @param table [R, C]; F32
   * @param rows I32 with n elements, each in [0, R)
   * @param out n rows of C; F32
   */
  void gatherRows(Tensor table, Tensor rows, Tensor out);

  /** dTable[rows[i]] += dOut[i], in the order of i: the gradient of {@link #gatherRows}. */
  void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable);

  // ---- layers ---------------------------------------------------------------------------------

  /**
   * Root-mean-square normalisation (Zhang and Sennrich, arXiv 1910.07467): out = x * weight *
   * inverseRms, with inverseRms = 1 / sqrt(mean(x^2) + epsilon) per row.
   *
   * @param x [N, C]
   * @param weight [C]
   * @param out [N, C]; F32 or BF16
   * @param inverseRms [N], kept for the backward pass
   */
  void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms);

  /**
   * Gradient of {@link #rmsNorm}: adds to dX [N, C] and to dWeight [C], which is null for a weight
   * that is not trained.
   */
  void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight);

  /**
   * Rotates pairs (i, i + D/2) of the first {@code heads} heads of every row (Su et al., arXiv
   * 2104.09864, in the half-split layout of Llama): x1' = x1 cos - x2 sin, x2' = x2 cos + x1 sin.
   * What is behind these heads is copied.
   *
   * @param x [N, W] with W >= heads * D; F32
   * @param positions I32 with N elements, each in [0, P)
   * @param table [P, D]: D/2 cosines, then D/2 sines
   * @param inverse rotates back, which is the gradient
   * @param out [N, W]; F32, and then it may be x itself, or BF16
   */
  void rope(Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out);

  /**
   * Causal grouped-query attention with a document mask: position t of a sequence attends u where
   * {@code starts[t] <= u <= t}; scores are scaled by 1 / sqrt(D). Keys and values out of reach
   * have no part in a result as long as they are finite.
   *
   * @param qkv [N, (H + 2K) * D]; F32 or BF16
   * @param starts I32 [B, T]: the first position of t's document within its sequence
   * @param out [N, H * D]; F32 or BF16
   * @param logSumExp [B, H, T], kept for the backward pass
   */
  void attention(AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp);

  /** Gradient of {@link #attention}: writes dQkv [N, (H + 2K) * D], F32 as dOut is. */
  void attentionBackward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv);

  /**
   * Attention of new tokens to a cache: first stores the keys and values of the T new positions of
   * sequence b at {@code lengths[b]}, ..., then lets new position t attend 0 ... lengths[b] + t.
   *
   * @param qkv [N, (H + 2K) * D]
   * @param keys [B, capacity, K * D], updated
   * @param values [B, capacity, K * D], updated
   * @param lengths I32 [B]: positions in the cache before; lengths[b] + T <= capacity
   * @param out [N, H * D]
   */
  void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out);

  /**
   * Gated unit (Shazeer, arXiv 2002.05202): out = silu(gate) * up.
   *
   * @param gateUp [N, 2F]: gate, then up
   * @param out [N, F]
   */
  void swiGlu(Tensor gateUp, Tensor out);

  /** Gradient of {@link #swiGlu}: writes dGateUp [N, 2F], F32 or BF16. */
  void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp);

  // ---- heads: never [N, V] at once ------------------------------------------------------------

  /**
   * Linear head and cross entropy in chunks: the loss is {@code scale * sum_i (lse_i -
   * logit_i[target_i] + zLoss * lse_i^2)} over the rows whose target is not {@link #IGNORED}. The z
   * term is that of PaLM (Chowdhery et al., arXiv 2204.02311, section 5).
   *
   * @param hidden [N, C]; F32 or BF16
   * @param weight [V, C]; of hidden's dtype
   * @param targets I32 with N elements, each in [0, V) or IGNORED
   * @param sums F64 [2]: adds the (unscaled) sums of cross entropy and of lse^2
   * @param dHidden F32 [N, C], written; or null for no gradients
   * @param dWeight F32 [V, C], added to; null where dHidden is, or for a weight that is not trained
   */
  void linearCrossEntropy(
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      double scale,
      double zLoss,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight);

  /**
   * Two linear heads and the {@link DistillationLoss} of one by the other, in chunks, over the rows
   * whose target is not {@link #IGNORED}.
   *
   * @param hidden student [N, C]; F32 or BF16
   * @param weight student [V, C]; of hidden's dtype
   * @param teacherHidden [N, C']; F32 or BF16
   * @param teacherWeight [V, C']; of teacherHidden's dtype
   * @param targets I32 with N elements, each in [0, V) or IGNORED
   * @param sums F64 [3]: adds the unscaled sums, in the order of {@link
   *     DistillationLoss#DIVERGENCE}
   * @param dHidden F32 [N, C], written; or null for no gradients
   * @param dWeight F32 [V, C], added to; null where dHidden is, or for a weight that is not trained
   */
  void linearDivergence(
      DistillationLoss loss,
      Tensor hidden,
      Tensor weight,
      Tensor teacherHidden,
      Tensor teacherWeight,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight);

  /**
   * Linear head and, of each row, the most probable tokens by softmax(logits / temperature), in
   * chunks: what a teacher leaves behind for {@link #linearTopDivergence}.
   *
   * @param hidden [N, C]; F32 or BF16
   * @param weight [V, C]; of hidden's dtype
   * @param ids I32 [N, k] with k at most V, written: the most probable first, of equal ones the
   *     lower id
   * @param logProbabilities F32 [N, k], written
   * @param logRest F32 with N elements, written: the logarithm of what all other tokens have
   *     together; far below any probability where there are none
   */
  void linearTopProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest);

  /**
   * Linear head and its {@link DistillationLoss} by a teacher of which the most probable tokens are
   * known, in chunks, over the rows whose target is not {@link #IGNORED}. Of other rows ids are not
   * read, and logarithms need only be finite.
   *
   * @param hidden student [N, C]; F32 or BF16
   * @param weight student [V, C]; of hidden's dtype
   * @param ids I32 [N, k], each in [0, V), no two equal in a row
   * @param logProbabilities F32 [N, k], at the loss's temperature
   * @param logRest F32 with N elements
   * @param targets I32 with N elements, each in [0, V) or IGNORED
   * @param sums F64 [3]: adds the unscaled sums, in the order of {@link
   *     DistillationLoss#DIVERGENCE}
   * @param dHidden F32 [N, C], written; or null for no gradients
   * @param dWeight F32 [V, C], added to; null where dHidden is, or for a weight that is not trained
   */
  void linearTopDivergence(
      DistillationLoss loss,
      TeacherRest rest,
      Tensor hidden,
      Tensor weight,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight);

  /**
   * Linear head and the log-probability of each target, in chunks: out[i] = logit_i[target_i] -
   * lse_i, or 0 where the target is {@link #IGNORED}.
   *
   * @param hidden [N, C]; F32 or BF16
   * @param weight [V, C]; of hidden's dtype
   * @param out [N]; F32
   * @param logSumExp [N]; F32, kept for the backward pass
   */
  void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp);

  /**
   * Gradient of {@link #linearLogProbabilities}: writes dHidden [N, C] and adds to dWeight [V, C],
   * which is null for a weight that is not trained.
   */
  void linearLogProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight);

  // ---- update ---------------------------------------------------------------------------------

  /**
   * One {@link AdamWStep}, in place.
   *
   * @param weight F32, updated
   * @param gradient F32, of weight's size
   * @param moment1 F32, updated
   * @param moment2 F32, updated
   * @param compute BF16 copy of the weight, written in the same pass; or null
   */
  void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute);
}
