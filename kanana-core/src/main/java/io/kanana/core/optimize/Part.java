package io.kanana.core.optimize;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.util.List;

/**
 * A part of another schedule, for a run that is one stage of a longer one: stages that follow each
 * other's shares take together the rates that one run would have taken.
 *
 * @param of the schedule of all stages
 * @param from where this stage begins, as a share of their steps
 * @param to where it ends
 */
public record Part(LrSchedule.Config of, double from, double to) implements LrSchedule.Config {
  public Part {
    Check.that(
        0 <= from && from < to && to <= 1,
        List.of("from", "to"),
        "must be shares with 0 <= from < to <= 1, got %s and %s",
        from,
        to);
  }

  @Override
  public double share() {
    return (to - from) * of.share();
  }

  /** Of a stage of this many steps. */
  @Override
  public LrSchedule create(long totalSteps) {
    long all = Math.round(totalSteps / (to - from));
    long before = Math.round(from * all);
    LrSchedule whole = whole(all);
    return step -> whole.factor(before + step);
  }

  private LrSchedule whole(long steps) {
    try {
      return of.create(steps);
    } catch (ConfigException e) {
      throw e.below("of");
    }
  }
}
