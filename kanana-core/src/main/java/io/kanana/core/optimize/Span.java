package io.kanana.core.optimize;

import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A part of a run, such as its warm-up: in updates or as a share of the whole run, exactly one.
 *
 * @param steps updates, may be 0
 * @param share of the run's updates, in [0, 1]; rounded to the nearest whole update
 */
@OneOf
public record Span(OptionalLong steps, OptionalDouble share) {
  public Span {
    Check.that(steps.orElse(0) >= 0, "steps", "must be >= 0, got %s", steps.orElse(0));
    double part = share.orElse(0);
    Check.that(part >= 0 && part <= 1, "share", "must be in [0, 1], got %s", part);
  }

  public static Span ofSteps(long steps) {
    return new Span(OptionalLong.of(steps), OptionalDouble.empty());
  }

  public static Span ofShare(double share) {
    return new Span(OptionalLong.empty(), OptionalDouble.of(share));
  }

  /** The same in updates. */
  public long inSteps(long totalSteps) {
    return steps.isPresent() ? steps.getAsLong() : Math.round(share.orElseThrow() * totalSteps);
  }

  @Override
  public String toString() {
    return steps.isPresent() ? steps.getAsLong() + " steps" : share.orElseThrow() + " of the run";
  }
}
