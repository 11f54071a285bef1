package io.kanana.benchmarks;

import io.kanana.core.random.RandomKey;
import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.PairBatches;
import io.kanana.posttrain.preference.PairTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Random prompts with two random answers each. Lengths are uniform: of prompts between a 64th and a
 * 16th of a row, of answers between a 64th and an eighth.
 *
 * @param contextLength of a row
 */
record MadePairs(List<PairTokens> pairs, int contextLength) {
  private static final RandomKey KEY = RandomKey.of(3);

  /** As many as fit into the rows of a shape's batch. */
  static MadePairs filling(BenchmarkShape shape) {
    MadePairs fitting = new MadePairs(List.of(pair(shape, 0)), shape.context());
    while (true) {
      List<PairTokens> more = new ArrayList<>(fitting.pairs);
      more.add(pair(shape, more.size()));
      MadePairs next = new MadePairs(more, shape.context());
      if (next.batches().epochLength() > shape.batch()) {
        return fitting;
      }
      fitting = next;
    }
  }

  private static PairTokens pair(BenchmarkShape shape, int number) {
    RandomKey key = KEY.child(number);
    int time = shape.context();
    int[] prompt = ids(key.child("prompt"), time, time / 16, shape);
    return new PairTokens(
        answer(prompt, ids(key.child("chosen"), time, time / 8, shape)),
        answer(prompt, ids(key.child("rejected"), time, time / 8, shape)));
  }

  private static int[] ids(RandomKey key, int time, int longest, BenchmarkShape shape) {
    int shortest = Math.max(1, time / 64);
    int length = shortest + key.below(0, Math.max(1, longest - shortest + 1));
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = key.below(i + 1L, shape.model().vocabularySize());
    }
    return ids;
  }

  private static AnswerTokens answer(int[] prompt, int[] said) {
    int[] ids = new int[prompt.length + said.length];
    System.arraycopy(prompt, 0, ids, 0, prompt.length);
    System.arraycopy(said, 0, ids, prompt.length, said.length);
    return new AnswerTokens(ids, prompt.length);
  }

  /** Packed, in an order of rows that is another one in every pass. */
  PairBatches batches() {
    return new PairBatches(pairs, contextLength, Optional.of(KEY.child("order")));
  }

  /** Of all documents. */
  long tokens() {
    return pairs.stream().mapToLong(PairTokens::length).sum();
  }
}
