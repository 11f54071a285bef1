package io.kanana.posttrain.merge;

import io.kanana.core.config.Check;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A model that is merged: an element of {@code models}.
 *
 * @param path its Hugging Face directory
 * @param weight how much it counts; 1 where it is absent
 * @param density which share of its difference to the base stays, in (0, 1]
 */
public record MergeParent(Path path, OptionalDouble weight, OptionalDouble density) {
  public MergeParent {
    Check.that(
        Double.isFinite(weight.orElse(1)),
        "weight",
        "must be a finite number, got %s",
        weight.orElse(1));
    Check.that(
        density.orElse(1) > 0 && density.orElse(1) <= 1,
        "density",
        "must be above 0 and at most 1, got %s",
        density.orElse(1));
  }
}
