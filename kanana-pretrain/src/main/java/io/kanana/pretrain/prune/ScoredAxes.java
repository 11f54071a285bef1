package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.model.Axis;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The rule that every estimator's {@code axes} keep. */
final class ScoredAxes {
  private ScoredAxes() {}

  static void check(List<Axis> axes, List<Axis> possible, LayerAggregation layers) {
    check(axes, possible);
    Check.that(
        layers != LayerAggregation.NONE || !axes.contains(Axis.CHANNELS),
        List.of("layers", "axes"),
        "must not be none where channels are scored, which all layers share");
  }

  static void check(List<Axis> axes, List<Axis> possible) {
    String names = possible.stream().map(Names::of).collect(Collectors.joining(", "));
    Check.that(
        !axes.isEmpty() && possible.containsAll(axes) && new HashSet<>(axes).size() == axes.size(),
        "axes",
        "must be some of %s, each once, got %s",
        names,
        axes.stream().map(Names::of).toList());
  }
}
