package io.kanana.core.generate;

import io.kanana.core.error.NumericalException;
import io.kanana.core.random.RandomKey;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * Chooses the next token from its logits. The choice is a pure function of options, logits, history
 * and key; safe for use by several threads.
 *
 * <p>Probabilities are computed in double. Where top-p has to choose between equally probable
 * tokens it keeps those with the smaller id.
 */
public final class Sampler {
  /** How many tokens top-p sorts first; enough for nearly every step of a trained model. */
  private static final int FIRST_SELECTION = 64;

  private final SamplingOptions options;

  public Sampler(SamplingOptions options) {
    this.options = options;
  }

  /**
   * The next token.
   *
   * @param logits [V], the callee's to change
   * @param history prompt and what was generated; the draw at each length is another
   * @param key of the sequence
   */
  public int next(float[] logits, int[] history, RandomKey key) {
    return candidates(logits, history).draw(key.uniform(history.length));
  }

  /**
   * The tokens that are left after all options, with their probabilities.
   *
   * @param logits [V], the callee's to change
   * @param history prompt and what was generated
   * @throws NumericalException if a logit is NaN or +infinity, or all are -infinity
   */
  public Candidates candidates(float[] logits, int[] history) {
    penalise(logits, history);
    int best = largest(logits);
    if (options.greedy()) {
      return new Candidates(new int[] {best}, new double[] {1});
    }
    return withMinP(withTopP(withTopK(logits), logits, logits[best]), logits, logits[best]);
  }

  private void penalise(float[] logits, int[] history) {
    if (options.repetitionPenalty() == 1) {
      return;
    }
    BitSet seen = new BitSet(logits.length);
    for (int token : history) {
      if (!seen.get(token)) {
        seen.set(token);
        double logit = logits[token];
        double penalty = options.repetitionPenalty();
        logits[token] = (float) (logit < 0 ? logit * penalty : logit / penalty);
      }
    }
  }

  /** The index of the largest logit, the first of equal ones; also checks all and removes -0. */
  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 0; i < logits.length; i++) {
      if (!(logits[i] < Float.POSITIVE_INFINITY)) {
        throw new NumericalException(
            String.format(
                Locale.ROOT,
                "logit of token %d is %s; the model's weights or activations overflowed",
                i,
                logits[i]));
      }
      logits[i] += 0.0f;
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    if (logits[best] == Float.NEGATIVE_INFINITY) {
      throw new NumericalException("all logits are -Infinity; no token can come next");
    }
    return best;
  }

  /** Ids of the tokens that top-k keeps, ascending. */
  private int[] withTopK(float[] logits) {
    int k = options.topK();
    return k == 0 || k >= logits.length
        ? atLeast(logits, -Float.MAX_VALUE)
        : atLeast(logits, Math.max(LargestLogits.kth(logits, k), -Float.MAX_VALUE));
  }

  private static int[] atLeast(float[] logits, float threshold) {
    int[] tokens = new int[logits.length];
    int count = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] >= threshold) {
        tokens[count++] = i;
      }
    }
    return Arrays.copyOf(tokens, count);
  }

  private double weight(float logit, float best) {
    return Math.exp(((double) logit - best) / options.temperature());
  }

  private double mass(int[] tokens, float[] logits, float best) {
    double sum = 0;
    for (int token : tokens) {
      sum += weight(logits[token], best);
    }
    return sum;
  }

  private int[] withTopP(int[] tokens, float[] logits, float best) {
    if (options.topP() == 1) {
      return tokens;
    }
    double wanted = options.topP() * mass(tokens, logits, best);
    for (int size = FIRST_SELECTION; size < tokens.length; size *= 4) {
      int[] nucleus = descending(mostProbable(tokens, logits, size), logits);
      int kept = prefix(nucleus, logits, best, wanted);
      if (kept < nucleus.length) {
        return Arrays.copyOf(nucleus, kept);
      }
    }
    int[] all = descending(tokens, logits);
    return Arrays.copyOf(all, prefix(all, logits, best, wanted));
  }

  /** The {@code size} most probable tokens and those as probable as the last of them. */
  private static int[] mostProbable(int[] tokens, float[] logits, int size) {
    float[] kept = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      kept[i] = logits[tokens[i]];
    }
    float threshold = LargestLogits.kth(kept, size);
    return Arrays.stream(tokens).filter(token -> logits[token] >= threshold).toArray();
  }

  /** From the most to the least probable, equal ones by id. */
  private static int[] descending(int[] tokens, float[] logits) {
    long[] keys = new long[tokens.length];
    for (int i = 0; i < keys.length; i++) {
      int bits = Float.floatToRawIntBits(logits[tokens[i]]);
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      keys[i] = ((long) ~ascending << 32) | tokens[i];
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }

  /** How many tokens from the first have the wanted mass; all if they have not. */
  private int prefix(int[] tokens, float[] logits, float best, double wanted) {
    double sum = 0;
    int kept = 0;
    while (kept < tokens.length && (kept == 0 || sum < wanted)) {
      sum += weight(logits[tokens[kept++]], best);
    }
    return kept;
  }

  private Candidates withMinP(int[] tokens, float[] logits, float best) {
    double[] weights = new double[tokens.length];
    int[] kept = new int[tokens.length];
    int count = 0;
    double sum = 0;
    for (int token : tokens) {
      double weight = weight(logits[token], best);
      if (weight >= options.minP()) {
        kept[count] = token;
        weights[count++] = weight;
        sum += weight;
      }
    }
    double[] probabilities = Arrays.copyOf(weights, count);
    for (int i = 0; i < count; i++) {
      probabilities[i] /= sum;
    }
    return new Candidates(Arrays.copyOf(kept, count), probabilities);
  }
}
