package io.kanana.data.miniature;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;

/** Successive draws from one key; for one thread. */
final class Draws {
  private final RandomKey key;
  private long drawn;

  Draws(RandomKey key) {
    this.key = key;
  }

  /** Uniform in {@code low .. high}, both included. */
  int between(int low, int high) {
    return low + key.below(drawn++, high - low + 1);
  }

  double uniform() {
    return key.uniform(drawn++);
  }

  <T> T pick(List<T> choices) {
    return choices.get(between(0, choices.size() - 1));
  }

  /** Some of the choices, each at most once, in random order (Fisher and Yates). */
  <T> List<T> sample(List<T> choices, int count) {
    List<T> rest = new ArrayList<>(choices);
    List<T> sample = new ArrayList<>();
    while (sample.size() < count && !rest.isEmpty()) {
      sample.add(rest.remove(between(0, rest.size() - 1)));
    }
    return sample;
  }
}
