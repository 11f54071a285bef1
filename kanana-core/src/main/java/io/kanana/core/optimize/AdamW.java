package io.kanana.core.optimize;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.config.Check;
import io.kanana.core.config.NumberOrAuto;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101). Weight decay applies
 * to matrices but the embedding ({@link Parameter#decays}) and comes before the gradient's part of
 * the update.
 */
public final class AdamW implements Optimizer {
  /** What weight decay is multiplied by. */
  public enum Decay {
    /** The learning rate, as PyTorch does: theta -= rate * decay * theta. */
    COUPLED,
    /**
     * The schedule's factor alone: theta -= factor * decay * theta, so that the peak rate can be
     * changed without changing the decay (Wortsman et al., arXiv 2309.14322, section 3.2).
     */
    INDEPENDENT
  }

  /**
   * @param learningRate the peak rate; {@code auto} is {@link DeepSeekLaw#learningRate} of the
   *     run's compute
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay see {@code decay}
   */
  public record Config(
      NumberOrAuto learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      Decay decay)
      implements Optimizer.Config {
    public Config {
      Check.that(
          learningRate.number().orElse(1) > 0,
          "learning-rate",
          "must be > 0, got %s",
          learningRate);
      Check.that(0 <= beta1 && beta1 < 1, "beta1", "must be in [0, 1), got %s", beta1);
      Check.that(0 <= beta2 && beta2 < 1, "beta2", "must be in [0, 1), got %s", beta2);
      Check.that(epsilon > 0, "epsilon", "must be > 0, got %s", epsilon);
      Check.that(weightDecay >= 0, "weight-decay", "must be >= 0, got %s", weightDecay);
    }

    /** With a peak rate that is given. */
    public Config(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Decay decay) {
      this(NumberOrAuto.of(learningRate), beta1, beta2, epsilon, weightDecay, decay);
    }

    @Override
    public Config at(double compute) {
      return learningRate.isAuto()
          ? new Config(DeepSeekLaw.learningRate(compute), beta1, beta2, epsilon, weightDecay, decay)
          : this;
    }

    @Override
    public Optimizer create(TensorBackend backend, List<Parameter> parameters) {
      return new AdamW(this, backend, parameters);
    }

    private double peakRate() {
      return learningRate
          .number()
          .orElseThrow(
              () ->
                  new ConfigException(
                      "learning-rate",
                      "must be a number here, got auto: the compute of the run is not known"));
    }
  }

  private record Moments(Parameter parameter, Tensor first, Tensor second) {}

  private final Config config;
  private final double peakRate;
  private final TensorBackend backend;
  private final Scope scope;
  private final List<Moments> moments;
  private long updates;

  /**
   * @throws ConfigException if the rate is {@code auto}, see {@link Config#at}
   */
  public AdamW(Config config, TensorBackend backend, List<Parameter> parameters) {
    this.config = config;
    this.peakRate = config.peakRate();
    this.backend = backend;
    this.scope = backend.scope("optimizer");
    try {
      this.moments =
          parameters.stream()
              .filter(Parameter::trained)
              .map(parameter -> new Moments(parameter, zeros(parameter), zeros(parameter)))
              .toList();
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  private Tensor zeros(Parameter parameter) {
    return scope.zeros(backend.kernels(), DType.F32, parameter.value().shape());
  }

  @Override
  public void update(double rateFactor, double gradientScale) {
    updates++;
    AdamWStep decaying = step(rateFactor, gradientScale, shrink(rateFactor));
    AdamWStep constant = step(rateFactor, gradientScale, 0);
    for (Moments m : moments) {
      Parameter parameter = m.parameter;
      backend
          .kernels()
          .adamW(
              parameter.decays() ? decaying : constant,
              parameter.value(),
              parameter.gradient(),
              m.first,
              m.second,
              parameter.computeCopy());
    }
  }

  private double shrink(double rateFactor) {
    return switch (config.decay) {
      case COUPLED -> learningRate(rateFactor) * config.weightDecay;
      case INDEPENDENT -> rateFactor * config.weightDecay;
    };
  }

  private AdamWStep step(double rateFactor, double gradientScale, double shrink) {
    return new AdamWStep(
        learningRate(rateFactor),
        config.beta1,
        config.beta2,
        config.epsilon,
        shrink,
        1 - Math.pow(config.beta1, (double) updates),
        1 - Math.pow(config.beta2, (double) updates),
        gradientScale);
  }

  @Override
  public double learningRate(double rateFactor) {
    return rateFactor * peakRate;
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public void restore(long updates) {
    this.updates = updates;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Moments m : moments) {
      for (Part part : m.parameter.parts()) {
        state.put("moment1." + part.name(), m.parameter.view(part, m.first));
        state.put("moment2." + part.name(), m.parameter.view(part, m.second));
      }
    }
    return state;
  }

  @Override
  public void close() {
    scope.close();
  }
}
