package io.kanana.pretrain.upscale;

import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which layers are stacked: the section {@code layers}, in exactly one of three ways.
 *
 * @param solar m of SOLAR's rule: the layers that each copy of the model loses
 * @param ranges of layers, one on the other: {@code [0-19, 12-31]}
 * @param plan a {@code plan.yaml} for a model of the same shape, used as it is
 */
@OneOf
public record LayerRule(OptionalInt solar, Optional<List<String>> ranges, Optional<Path> plan) {
  public LayerRule {
    Check.that(solar.orElse(0) >= 0, "solar", "must be at least 0, got %s", solar.orElse(0));
    ranges.ifPresent(LayerRule::check);
  }

  private static void check(List<String> ranges) {
    Check.that(!ranges.isEmpty(), "ranges", "must have at least one");
    for (int i = 0; i < ranges.size(); i++) {
      String fault = "";
      try {
        Indices.parse(ranges.get(i));
      } catch (IllegalArgumentException e) {
        fault = e.getMessage();
      }
      Check.that(fault.isEmpty(), "ranges[" + i + "]", "%s", fault);
    }
  }

  /**
   * The plan for a model.
   *
   * @param identity whether the new model computes at first what the parent does
   * @throws ConfigException if the layers are not the parent's, or cannot be an identity
   */
  ReshapePlan plan(ModelConfig parent, boolean identity) {
    if (plan.isPresent()) {
      return ReshapePlanFile.read(plan.get(), parent);
    }
    Indices sources = sources(parent);
    if (sources.firstOutside(parent.layers()) >= 0) {
      throw new ConfigException(
          "layers.ranges",
          "must lie in the parent's 0-" + (parent.layers() - 1) + ", got " + sources);
    }
    return identity
        ? DepthUpscaling.identity(parent, sources)
        : DepthUpscaling.stacked(parent, sources);
  }

  private Indices sources(ModelConfig parent) {
    if (solar.isPresent()) {
      try {
        return DepthUpscaling.solar(parent.layers(), solar.getAsInt());
      } catch (ConfigException e) {
        throw e.below("layers");
      }
    }
    IntStream layers =
        ranges.orElseThrow().stream().flatMapToInt(range -> Indices.parse(range).stream());
    return Indices.of(layers.toArray());
  }
}
