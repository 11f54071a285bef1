package io.kanana.core.optimize;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Linear warm-up, the peak rate, and a decay over the last part of the run (WSD; Hu et al.,
 * MiniCPM, arXiv 2404.06395, section 4.3): {@code final + (1 - final) g(x)}, where x goes from 0 at
 * the start of the decay to 1 at the last update.
 *
 * <p>The warm-up starts at 0 for every {@code finalFactor}; transformers' {@code get_wsd_schedule}
 * lets it start at that floor.
 *
 * @param warmup its length
 * @param decay the length of the last part; 0 for a run that stays at its peak to the end
 * @param shape g
 * @param finalFactor the share of the peak rate that the decay goes to
 * @param halfLife for the exponential shape only: after how much of the decay g has halved
 */
public record WarmupStableDecay(
    Span warmup, Span decay, Shape shape, double finalFactor, OptionalDouble halfLife)
    implements LrSchedule.Config {

  /** The course of a decay. */
  public enum Shape {
    /** 1 - x. */
    LINEAR,
    /** 1 - sqrt(x) (Hägele et al., arXiv 2405.18392). */
    SQRT,
    /** (1 + cos(pi x)) / 2. */
    COSINE,
    /** 0.5 ^ (x / half-life); does not reach 0. */
    EXPONENTIAL
  }

  public WarmupStableDecay {
    Check.that(
        0 <= finalFactor && finalFactor <= 1,
        "final-factor",
        "must be in [0, 1], got %s",
        finalFactor);
    Check.that(
        halfLife.isPresent() == (shape == Shape.EXPONENTIAL),
        List.of("half-life", "shape"),
        "must be given for the exponential shape and for no other, shape is %s",
        shape);
    Check.that(
        halfLife.orElse(1) > 0,
        "half-life",
        "must be > 0 (a share of the decay), got %s",
        halfLife.orElse(0));
  }

  @Override
  public LrSchedule create(long totalSteps) {
    long stable = Warmup.steps(warmup, totalSteps);
    long start = totalSteps - decay.inSteps(totalSteps);
    if (start < stable) {
      throw new ConfigException(
          "decay",
          String.format(
              Locale.ROOT,
              "warm-up (%s) and decay (%s) are longer than the run of %d steps; shorten one of them",
              warmup,
              decay,
              totalSteps));
    }
    boolean decays = start < totalSteps;
    LrSchedule rest =
        step ->
            !decays || step < start
                ? 1
                : finalFactor + (1 - finalFactor) * shape(Warmup.progress(step, start, totalSteps));
    return Warmup.before(rest, stable);
  }

  private double shape(double x) {
    return switch (shape) {
      case LINEAR -> 1 - x;
      case SQRT -> 1 - Math.sqrt(x);
      case COSINE -> (1 + Math.cos(Math.PI * x)) / 2;
      case EXPONENTIAL -> Math.pow(0.5, x / halfLife.orElseThrow());
    };
  }
}
