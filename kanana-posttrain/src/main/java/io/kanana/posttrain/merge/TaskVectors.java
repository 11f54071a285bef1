package io.kanana.posttrain.merge;

import io.kanana.core.config.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What several models learned, combined and added to their base: base + lambda * combination of
 * thinned (x_i - base).
 *
 * @param lambda how much of the combination is added
 * @param thinning what becomes of each model's difference first
 * @param combination of all of them
 */
record TaskVectors(double lambda, Thinning thinning, Combination combination)
    implements MergeMethod {
  /** Leaves some entries of a difference. */
  interface Thinning {
    /** Every entry. */
    Thinning NONE = (difference, tensor, model) -> difference;

    /**
     * @param tensor its name
     * @param model its index in the plan
     */
    Elements of(Elements difference, String tensor, int model);
  }

  /** Makes one of several. */
  interface Combination {
    Elements of(List<Elements> differences);
  }

  /** The rule of every method that has it. */
  static void checkLambda(double lambda) {
    Check.that(Double.isFinite(lambda), "lambda", "must be a finite number, got %s", lambda);
  }

  @Override
  public Elements merge(ParentTensors parents) {
    Elements base = parents.base().orElseThrow();
    List<Elements> differences =
        IntStream.range(0, parents.models().size())
            .mapToObj(
                i -> thinning.of(new Difference(parents.models().get(i), base), parents.name(), i))
            .toList();
    return new WeightedSum(List.of(base, combination.of(differences)), new double[] {1, lambda});
  }
}
