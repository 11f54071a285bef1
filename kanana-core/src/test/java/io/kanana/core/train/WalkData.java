package io.kanana.core.train;

import io.kanana.core.random.RandomKey;
import java.util.Arrays;

/**
 * Sequences that can be learned: a token follows from the one before, but for a random step now and
 * then.
 */
record WalkData(int vocabulary, int contextLength, long epochLength, long seed)
    implements BatchSource {
  private static final double NOISE = 0.1;

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    int[] tokens = new int[rows * contextLength];
    int[] targets = new int[tokens.length];
    int[] positions = new int[tokens.length];
    for (int row = 0; row < rows; row++) {
      int[] walk = walk((firstSequence + row) % epochLength);
      System.arraycopy(walk, 0, tokens, row * contextLength, contextLength);
      System.arraycopy(walk, 1, targets, row * contextLength, contextLength);
      Arrays.setAll(positions, i -> i % contextLength);
    }
    int[] starts = new int[tokens.length];
    return new TokenBatch(rows, contextLength, tokens, targets, positions, starts, tokens.length);
  }

  private int[] walk(long sequence) {
    RandomKey key = RandomKey.of(seed).child(sequence);
    int[] walk = new int[contextLength + 1];
    walk[0] = key.below(0, vocabulary);
    for (int t = 1; t < walk.length; t++) {
      boolean strays = key.uniform(2L * t) < NOISE;
      walk[t] = strays ? key.below(2L * t + 1, vocabulary) : (5 * walk[t - 1] + 3) % vocabulary;
    }
    return walk;
  }

  @Override
  public String fingerprint() {
    return toString();
  }
}
