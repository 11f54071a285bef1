package io.kanana.core.optimize;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * Linear warm-up, then the peak rate, which falls to a given share at each milestone. DeepSeek LLM
 * (arXiv 2401.02954, section 2.3) falls to 31.6 % after 80 % of the run and to 10 % after 90 %.
 *
 * @param warmup its length, counted as part of the run
 * @param milestones shares of the run, ascending; the new factor holds from the first update at or
 *     after each
 * @param factors of the peak rate, one for each milestone
 */
public record MultiStep(Span warmup, List<Double> milestones, List<Double> factors)
    implements LrSchedule.Config {
  public MultiStep {
    milestones = List.copyOf(milestones);
    factors = List.copyOf(factors);
    Check.that(
        milestones.stream().allMatch(m -> 0 <= m && m <= 1)
            && milestones.stream().distinct().sorted().toList().equals(milestones),
        "milestones",
        "must be ascending shares of the run in [0, 1], got %s",
        milestones);
    Check.that(
        factors.size() == milestones.size(),
        List.of("factors", "milestones"),
        "must be as many as milestones (%s), got %s",
        milestones.size(),
        factors.size());
    Check.that(
        factors.stream().allMatch(f -> 0 <= f && f <= 1),
        "factors",
        "must be in [0, 1], got %s",
        factors);
  }

  @Override
  public LrSchedule create(long totalSteps) {
    return Warmup.before(step -> factorAt(step, totalSteps), Warmup.steps(warmup, totalSteps));
  }

  private double factorAt(long step, long totalSteps) {
    double factor = 1;
    for (int i = 0; i < milestones.size() && step >= milestones.get(i) * totalSteps; i++) {
      factor = factors.get(i);
    }
    return factor;
  }
}
