package io.kanana.posttrain.merge;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What is merged, as a method sees it. A method calls the rules below for what it needs and for
 * what it would leave aside: a weight that nothing reads is a mistake of the plan.
 *
 * @param models in the order of the configuration
 * @param base the model that the others began as
 * @param key of everything random
 */
public record MergePlan(List<MergeParent> models, Optional<Path> base, RandomKey key) {
  /** A sum of weights that is nearer to 0 cannot be divided by; mergekit's limit. */
  private static final double SMALLEST_SUM = 1e-8;

  public MergePlan {
    models = List.copyOf(models);
    Check.that(!models.isEmpty(), "models", "must name at least one model");
  }

  /** The weight of each model, 1 where none is given. */
  public double[] weights() {
    return models.stream().mapToDouble(model -> model.weight().orElse(1)).toArray();
  }

  /**
   * The weights divided by their sum.
   *
   * @throws ConfigException if the sum is 0
   */
  public double[] normalizedWeights() {
    double[] weights = weights();
    double sum = Arrays.stream(weights).sum();
    if (Math.abs(sum) < SMALLEST_SUM) {
      throw new ConfigException(
          "models",
          "have weights whose sum is "
              + sum
              + ", which nothing can be divided by; change one, or set method.normalize to false");
    }
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  /**
   * The density of each model.
   *
   * @param method how the message calls the method
   * @throws ConfigException if one is not given
   */
  public double[] densities(String method) {
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).density().isEmpty()) {
        throw new ConfigException(
            "models[" + i + "].density",
            "is missing; "
                + method
                + " needs the share of entries that stays, above 0 and at most 1");
      }
    }
    return models.stream().mapToDouble(model -> model.density().orElseThrow()).toArray();
  }

  /**
   * @throws ConfigException if there is no base
   */
  public void requireBase(String method) {
    if (base.isEmpty()) {
      throw new ConfigException(
          "base", "is missing; " + method + " needs the model that the others began as");
    }
  }

  /**
   * @throws ConfigException if there is a base
   */
  public void refuseBase(String method) {
    base.ifPresent(
        path -> {
          throw new ConfigException(
              "base", "is not used by " + method + ", got " + path + "; leave it out");
        });
  }

  /**
   * @throws ConfigException if a model has a weight
   */
  public void refuseWeights(String method) {
    refuse("weight", MergeParent::weight, method);
  }

  /**
   * @throws ConfigException if a model has a density
   */
  public void refuseDensities(String method) {
    refuse("density", MergeParent::density, method);
  }

  private void refuse(String key, Function<MergeParent, OptionalDouble> value, String method) {
    for (int i = 0; i < models.size(); i++) {
      OptionalDouble found = value.apply(models.get(i));
      if (found.isPresent()) {
        throw new ConfigException(
            String.format(Locale.ROOT, "models[%d].%s", i, key),
            "is not used by " + method + ", got " + found.getAsDouble() + "; leave it out");
      }
    }
  }
}
