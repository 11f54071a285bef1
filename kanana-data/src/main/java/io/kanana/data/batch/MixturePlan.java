package io.kanana.data.batch;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * What a run reads, and how much of each.
 *
 * @param contextLength T, tokens of a sequence
 * @param seed chooses the order
 * @param components what is mixed
 */
public record MixturePlan(int contextLength, long seed, List<Component> components) {
  /**
   * One set of shards.
   *
   * @param shards names the set
   * @param weight its share of the sequences, relative to the other components' weights
   */
  public record Component(String shards, double weight) {
    public Component {
      Check.that(
          weight >= 0 && weight < Double.POSITIVE_INFINITY,
          "weight",
          "must be a number of at least 0, got %s",
          weight);
    }
  }

  public MixturePlan {
    components = List.copyOf(components);
    Check.that(contextLength >= 1, "context-length", "must be at least 1, got %s", contextLength);
    Check.that(
        components.stream().mapToDouble(Component::weight).sum() > 0,
        "components",
        "must name at least one set of shards with a weight above 0");
    Check.that(
        components.stream().map(Component::shards).distinct().count() == components.size(),
        "components",
        "must not name a set of shards twice");
  }
}
