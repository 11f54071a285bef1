package io.kanana.eval.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.eval.metric.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Chooses the examples that are shown before a question, as lm-evaluation-harness does. Not safe
 * for use by several threads, and with {@link Order#SEEDED} what a question gets depends on how
 * many came before it.
 */
final class ShotSampler {
  /** Which examples are taken. */
  enum Order {
    /** Drawn anew for every question from one generator. */
    SEEDED,
    /** The first ones, the same for every question. */
    FIRST
  }

  private final String task;
  private final Order order;
  private final List<ObjectNode> pool;
  private final PythonRandom random;

  ShotSampler(String task, Order order, List<ObjectNode> pool, long seed) {
    this.task = task;
    this.order = order;
    this.pool = List.copyOf(pool);
    this.random = new PythonRandom(seed);
  }

  /**
   * Indexes of {@code count} examples.
   *
   * @param document is not among them; null where it cannot be in the pool
   * @throws ConfigException if there are not so many
   */
  List<Integer> sample(int count, ObjectNode document) {
    if (count == 0) {
      return List.of();
    }
    return order == Order.FIRST ? first(count, document) : drawn(count, document);
  }

  private List<Integer> first(int count, ObjectNode document) {
    List<Integer> others = others(document);
    if (others.size() < count) {
      throw tooFew(count, others.size());
    }
    return others.subList(0, count);
  }

  /** One more is drawn where the document itself may be among them. */
  private List<Integer> drawn(int count, ObjectNode document) {
    int wanted = document == null ? count : count + 1;
    if (wanted > pool.size()) {
      throw tooFew(wanted, pool.size());
    }
    List<Integer> drawn =
        random.sample(pool.size(), wanted).stream()
            .filter(index -> !pool.get(index).equals(document))
            .limit(count)
            .toList();
    return drawn.size() == count ? drawn : again(count, document);
  }

  /** Where several documents are alike, too many may have been removed. */
  private List<Integer> again(int count, ObjectNode document) {
    List<Integer> others = others(document);
    if (others.size() < count) {
      throw tooFew(count, others.size());
    }
    return random.sample(others.size(), count).stream().map(others::get).toList();
  }

  private List<Integer> others(ObjectNode document) {
    return new ArrayList<>(
        IntStream.range(0, pool.size())
            .filter(index -> !pool.get(index).equals(document))
            .boxed()
            .toList());
  }

  private ConfigException tooFew(int wanted, int there) {
    return new ConfigException(
        "task " + task,
        String.format(
            Locale.ROOT,
            "needs %d examples to show before a question, but there are %d; ask for fewer shots",
            wanted,
            there));
  }
}
