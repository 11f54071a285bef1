package io.kanana.posttrain.merge;

import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Plans of models that no file holds. */
final class Plans {
  private Plans() {}

  /** A model's part; NaN where nothing is given. */
  static MergeParent parent(double weight, double density) {
    return new MergeParent(Path.of("model"), given(weight), given(density));
  }

  private static OptionalDouble given(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  static MergePlan unweighted(int models) {
    List<MergeParent> parents =
        IntStream.range(0, models).mapToObj(_ -> parent(Double.NaN, Double.NaN)).toList();
    return new MergePlan(parents, Optional.empty(), RandomKey.of(1));
  }

  static MergePlan weighted(double... weights) {
    List<MergeParent> parents =
        Arrays.stream(weights).mapToObj(weight -> parent(weight, Double.NaN)).toList();
    return new MergePlan(parents, Optional.empty(), RandomKey.of(1));
  }

  static MergePlan withBase(MergePlan plan) {
    return new MergePlan(plan.models(), Optional.of(Path.of("base")), plan.key());
  }

  /** The same density for each, and a base. */
  static MergePlan thinned(long seed, double density, double... weights) {
    List<MergeParent> parents =
        Arrays.stream(weights).mapToObj(weight -> parent(weight, density)).toList();
    return new MergePlan(parents, Optional.of(Path.of("base")), RandomKey.of(seed));
  }
}
