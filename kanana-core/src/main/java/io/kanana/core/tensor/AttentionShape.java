package io.kanana.core.tensor;

/**
 * The extents of grouped-query attention over a fused projection whose row holds {@code H} query
 * heads, then {@code K} key heads, then {@code K} value heads of {@code D} values each. Query head
 * {@code h} reads key head {@code h / (H / K)}.
 *
 * @param batch B, the sequences
 * @param time T, the positions of each
 * @param heads H
 * @param kvHeads K, a divisor of H
 * @param headDim D, even
 */
public record AttentionShape(int batch, int time, int heads, int kvHeads, int headDim) {
  /** N = B*T. */
  public int tokens() {
    return batch * time;
  }

  /** (H + 2K) * D: the width of a row of the fused projection. */
  public int fusedWidth() {
    return (heads + 2 * kvHeads) * headDim;
  }

  /** H * D: the width of a row of the output. */
  public int outputWidth() {
    return heads * headDim;
  }
}
