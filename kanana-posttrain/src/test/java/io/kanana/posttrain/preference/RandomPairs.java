package io.kanana.posttrain.preference;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;

/** Pairs of random ids. */
final class RandomPairs {
  private RandomPairs() {}

  static List<PairTokens> make(int count, int vocabulary) {
    List<PairTokens> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomKey key = RandomKey.of(31).child(i);
      int prompt = 1 + key.below(0, 4);
      pairs.add(
          new PairTokens(
              answer(key.child("chosen"), prompt, 1 + key.below(1, 5), vocabulary),
              answer(key.child("rejected"), prompt, 1 + key.below(2, 5), vocabulary),
              key.below(3, 3) / 2.0));
    }
    return pairs;
  }

  private static AnswerTokens answer(RandomKey key, int prompt, int length, int vocabulary) {
    int[] ids = new int[prompt + length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = key.below(i, vocabulary);
    }
    return new AnswerTokens(ids, prompt);
  }
}
