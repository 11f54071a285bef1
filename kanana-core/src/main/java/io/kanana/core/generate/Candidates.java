package io.kanana.core.generate;

/**
 * The tokens that may come next.
 *
 * @param tokens their ids, at least one
 * @param probabilities theirs, in the same order; they sum to 1
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Candidates(int[] tokens, double[] probabilities) {

  /** The token in which {@code uniform}, a number in [0, 1), falls. */
  public int draw(double uniform) {
    double sum = 0;
    int last = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (probabilities[i] > 0) {
        last = i;
        sum += probabilities[i];
        if (uniform < sum) {
          break;
        }
      }
    }
    return tokens[last];
  }
}
