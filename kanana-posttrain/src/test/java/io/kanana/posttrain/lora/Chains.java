package io.kanana.posttrain.lora;

import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;

/**
 * Each token follows from the one before.
 *
 * @param watch is told of every batch that is asked for
 */
record Chains(Runnable watch) implements BatchSource {
  static final int TIME = 12;

  Chains() {
    this(() -> {});
  }

  @Override
  public int contextLength() {
    return TIME;
  }

  @Override
  public long epochLength() {
    return 1 << 20;
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    watch.run();
    int[] tokens = new int[rows * TIME];
    int[] targets = new int[tokens.length];
    int[] positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      long row = firstSequence + i / TIME;
      boolean first = i % TIME == 0;
      tokens[i] = first ? RandomKey.of(6).below(row, SmallLora.VOCABULARY) : targets[i - 1];
      targets[i] = (5 * tokens[i] + 3) % SmallLora.VOCABULARY;
      positions[i] = i % TIME;
    }
    return new TokenBatch(rows, TIME, tokens, targets, positions, new int[tokens.length], 0);
  }

  @Override
  public String fingerprint() {
    return "chains";
  }
}
