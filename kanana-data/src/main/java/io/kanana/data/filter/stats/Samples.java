package io.kanana.data.filter.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A few documents of each step, drawn at random: those with the least keys. Merging is associative
 * and commutative, so the draw does not depend on shards.
 *
 * @param steps in the order of the cascade
 */
public record Samples(List<OfStep> steps) {
  /** The file in the artefact of the kept documents. */
  public static final String FILE = "samples.json";

  /**
   * @param most how many of each list
   * @param dropped went no further
   * @param kept went on as they were
   * @param changed went on otherwise
   */
  public record OfStep(int most, List<Sample> dropped, List<Sample> kept, List<Sample> changed) {
    public OfStep {
      dropped = List.copyOf(dropped);
      kept = List.copyOf(kept);
      changed = List.copyOf(changed);
    }

    OfStep merge(OfStep other) {
      return new OfStep(
          most,
          least(dropped, other.dropped),
          least(kept, other.kept),
          least(changed, other.changed));
    }

    private List<Sample> least(List<Sample> first, List<Sample> second) {
      return Stream.concat(first.stream(), second.stream())
          .sorted(Sample.ORDER)
          .limit(most)
          .toList();
    }
  }

  public Samples {
    steps = List.copyOf(steps);
  }

  /** No samples. */
  public static Samples none(int steps, int most) {
    OfStep empty = new OfStep(most, List.of(), List.of(), List.of());
    return new Samples(Stream.generate(() -> empty).limit(steps).toList());
  }

  /** A draw from the documents of both. */
  public Samples merge(Samples other) {
    List<OfStep> merged = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      merged.add(steps.get(i).merge(other.steps.get(i)));
    }
    return new Samples(merged);
  }
}
