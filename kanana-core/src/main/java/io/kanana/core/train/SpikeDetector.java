package io.kanana.core.train;

import io.kanana.core.config.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Refuses steps whose loss or gradient norm is not finite, or lies more than some standard
 * deviations above the mean of the last accepted ones.
 *
 * <p>Only steps that were accepted enter the window, so one spike does not hide the next. Not safe
 * for use by several threads.
 */
public final class SpikeDetector {
  /**
   * @param sigmas how far above the mean a value must lie; 0 refuses only what is not finite
   * @param window how many accepted steps are remembered
   * @param minimum accepted steps before any finite value is refused
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

  /** All there is to remember: the accepted losses and norms, oldest first. */
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

  /** What is wrong with a step, or an empty text: then the step is accepted and remembered. */
  public String check(double loss, double gradientNorm) {
    String fault = fault("loss", loss, losses);
    if (fault.isEmpty()) {
      fault = fault("gradient norm", gradientNorm, norms);
    }
    if (fault.isEmpty()) {
      remember(losses, loss);
      remember(norms, gradientNorm);
    }
    return fault;
  }

  private String fault(String quantity, double value, Deque<Double> accepted) {
    if (!Double.isFinite(value)) {
      return quantity + " is " + value;
    }
    if (config.sigmas == 0 || accepted.size() < config.minimum) {
      return "";
    }
    double mean = accepted.stream().mapToDouble(Double::doubleValue).sum() / accepted.size();
    double squares = accepted.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    double limit = mean + config.sigmas * Math.sqrt(squares / accepted.size());
    return value <= limit
        ? ""
        : String.format(Locale.ROOT, "%s %.4g is above its limit of %.4g", quantity, value, limit);
  }

  private void remember(Deque<Double> accepted, double value) {
    accepted.addLast(value);
    if (accepted.size() > config.window) {
      accepted.removeFirst();
    }
  }
}
