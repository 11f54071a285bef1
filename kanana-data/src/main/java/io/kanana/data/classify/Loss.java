package io.kanana.data.classify;

/** What a classifier's scores mean and what its training minimises. */
public enum Loss {
  /** Probabilities of all labels add up to one; cross entropy. */
  SOFTMAX(3),
  /**
   * The same by a Huffman tree over the labels: a training step takes the logarithm of their count.
   */
  HIERARCHICAL_SOFTMAX(1),
  /** Each label has its own probability, so that a text may have several labels or none. */
  ONE_VS_ALL(4);

  /**
   * Negative sampling, which some old models name; their scores are those of {@link #ONE_VS_ALL}.
   */
  private static final int NEGATIVE_SAMPLING = 2;

  private final int code;

  Loss(int code) {
    this.code = code;
  }

  /** The number that stands in fastText's files. */
  int code() {
    return code;
  }

  /** The loss of that number, or null where there is none. */
  static Loss ofCode(int code) {
    for (Loss loss : values()) {
      if (loss.code == code) {
        return loss;
      }
    }
    return code == NEGATIVE_SAMPLING ? ONE_VS_ALL : null;
  }
}
