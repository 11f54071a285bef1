package io.kanana.benchmarks;

import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;

/**
 * The same random tokens every step, one document a row.
 *
 * @param contextLength positions of a row
 * @param vocabularySize tokens are below
 * @param rows of a step
 */
record RandomTokens(int contextLength, int vocabularySize, int rows) implements BatchSource {
  private static final RandomKey KEY = RandomKey.of(2);

  static RandomTokens of(BenchmarkShape shape) {
    return new RandomTokens(shape.context(), shape.model().vocabularySize(), shape.batch());
  }

  /** Some tokens for a prompt. */
  static int[] prompt(int length, int vocabularySize) {
    int[] tokens = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = KEY.below(i, vocabularySize);
    }
    return tokens;
  }

  @Override
  public long epochLength() {
    return rows;
  }

  @Override
  public TokenBatch batch(long firstSequence, int count) {
    int size = count * contextLength;
    int[] stream = prompt(size + 1, vocabularySize);
    int[] tokens = new int[size];
    int[] targets = new int[size];
    int[] positions = new int[size];
    for (int i = 0; i < size; i++) {
      tokens[i] = stream[i];
      targets[i] = stream[i + 1];
      positions[i] = i % contextLength;
    }
    return new TokenBatch(count, contextLength, tokens, targets, positions, new int[size], 0);
  }

  @Override
  public String fingerprint() {
    return "random tokens";
  }
}
