package io.kanana.core.train;

import io.kanana.core.config.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Refuses steps whose loss or gradient norm is not finite, or lies more than some standard
 * deviations above the mean of the last ones.
 *
 * <p>A value that is refused is remembered as the limit that it broke. So one spike does not hide
 * the next, however high it is, and a level that rises a little and stays, as gradient norms do, is
 * accepted after a few steps instead of never: 10 standard deviations after five of them where 128
 * are remembered, 20 only after eleven. Not safe for use by several threads.
 */
public final class SpikeDetector {
  /**
   * @param sigmas how far above the mean a value must lie; 0 refuses only what is not finite
   * @param window how many steps are remembered
   * @param minimum steps before any finite value is refused
   */
  public record Config(double sigmas, int window, int minimum) {
    public Config {
      Check.that(sigmas >= 0, "sigmas", "must be >= 0, got %s", sigmas);
      Check.that(window >= 2, "window", "must be at least 2, got %s", window);
      Check.that(
          minimum >= 2 && minimum <= window,
          List.of("minimum", "window"),
          "must be in [2, window (%s)], got %s",
          window,
          minimum);
    }
  }

  /** All there is to remember: losses and norms, at most their limits, oldest first. */
  public record State(List<Double> losses, List<Double> norms) {
    public State {
      losses = List.copyOf(losses);
      norms = List.copyOf(norms);
    }
  }

  private final Config config;
  private final Deque<Double> losses = new ArrayDeque<>();
  private final Deque<Double> norms = new ArrayDeque<>();

  public SpikeDetector(Config config) {
    this.config = config;
  }

  public State state() {
    return new State(new ArrayList<>(losses), new ArrayList<>(norms));
  }

  public void restore(State state) {
    losses.clear();
    losses.addAll(state.losses());
    norms.clear();
    norms.addAll(state.norms());
  }

  /** What is wrong with a step, or an empty text: then the step is accepted. */
  public String check(double loss, double gradientNorm) {
    double lossLimit = limit(losses);
    double normLimit = limit(norms);
    String fault = fault("loss", loss, lossLimit);
    if (fault.isEmpty()) {
      fault = fault("gradient norm", gradientNorm, normLimit);
    }
    if (Double.isFinite(loss) && Double.isFinite(gradientNorm)) {
      remember(losses, Math.min(loss, lossLimit));
      remember(norms, Math.min(gradientNorm, normLimit));
    }
    return fault;
  }

  /** Infinite where nothing finite is refused. */
  private double limit(Deque<Double> known) {
    if (config.sigmas == 0 || known.size() < config.minimum) {
      return Double.POSITIVE_INFINITY;
    }
    double mean = known.stream().mapToDouble(Double::doubleValue).sum() / known.size();
    double squares = known.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return mean + config.sigmas * Math.sqrt(squares / known.size());
  }

  private static String fault(String quantity, double value, double limit) {
    if (!Double.isFinite(value)) {
      return quantity + " is " + value;
    }
    return value <= limit
        ? ""
        : String.format(Locale.ROOT, "%s %.4g is above its limit of %.4g", quantity, value, limit);
  }

  private void remember(Deque<Double> known, double value) {
    known.addLast(value);
    if (known.size() > config.window) {
      known.removeFirst();
    }
  }
}
