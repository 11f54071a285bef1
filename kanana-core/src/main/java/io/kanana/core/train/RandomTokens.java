package io.kanana.core.train;

import io.kanana.core.random.RandomKey;

/**
 * The same random tokens every step, one document a row: for timing and warming up, where what is
 * learned does not matter.
 *
 * @param contextLength positions of a row
 * @param vocabularySize tokens are below
 * @param epochLength rows
 */
public record RandomTokens(int contextLength, int vocabularySize, long epochLength)
    implements BatchSource {
  private static final RandomKey KEY = RandomKey.of(2);

  /** The first tokens of the stream. */
  public static int[] stream(int length, int vocabularySize) {
    int[] tokens = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = KEY.below(i, vocabularySize);
    }
    return tokens;
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    int size = rows * contextLength;
    int[] stream = stream(size + 1, vocabularySize);
    int[] tokens = new int[size];
    int[] targets = new int[size];
    int[] positions = new int[size];
    for (int i = 0; i < size; i++) {
      tokens[i] = stream[i];
      targets[i] = stream[i + 1];
      positions[i] = i % contextLength;
    }
    return new TokenBatch(rows, contextLength, tokens, targets, positions, new int[size], 0);
  }

  @Override
  public String fingerprint() {
    return "random tokens";
  }
}
