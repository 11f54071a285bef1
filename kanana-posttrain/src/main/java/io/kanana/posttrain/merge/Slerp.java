package io.kanana.posttrain.merge;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.util.List;

/**
 * From one model to another along an arc, each tensor as one vector (Shoemake, 1985): {@code
 * (sin((1 - t) theta) a + sin(t theta) b) / sin(theta)} with theta the angle between a and b, which
 * keep their lengths. Where |cos(theta)| > 0.9995 it is {@code (1 - t) a + t b}. All that is
 * mergekit's; other than there, the angle of a vector shorter than 1e-8 counts too, and next to one
 * of length 0 the merge is linear, so that a model merged with itself is itself.
 *
 * @param t in [0, 1]: 0 is the first model, 1 the second
 */
public record Slerp(double t) implements MergeMethod.Config {
  private static final String NAME = "slerp";
  private static final double NEARLY_PARALLEL = 0.9995;

  public Slerp {
    Check.that(t >= 0 && t <= 1, "t", "must be from 0 to 1, got %s", t);
  }

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.refuseBase(NAME);
    plan.refuseWeights(NAME);
    plan.refuseDensities(NAME);
    if (plan.models().size() != 2) {
      throw new ConfigException(
          "models",
          "must be two for slerp, which goes from one to the other, got " + plan.models().size());
    }
    return parents -> between(parents.models());
  }

  private Elements between(List<Elements> ends) {
    double cosine = cosine(ends.get(0), ends.get(1));
    if (Math.abs(cosine) > NEARLY_PARALLEL) {
      return new WeightedSum(ends, new double[] {1 - t, t});
    }
    double angle = StrictMath.acos(cosine);
    double sine = StrictMath.sin(angle);
    double first = StrictMath.sin((1 - t) * angle) / sine;
    return new WeightedSum(ends, new double[] {first, StrictMath.sin(t * angle) / sine});
  }

  /** 1 where one of the vectors has no direction. */
  private static double cosine(Elements a, Elements b) {
    double[] sums = new double[3];
    a.visit(
        (from, left) -> {
          double[] right = new double[left.length];
          b.read(from, right);
          sums[0] += dot(left, right);
          sums[1] += dot(left, left);
          sums[2] += dot(right, right);
        });
    double lengths = Math.sqrt(sums[1]) * Math.sqrt(sums[2]);
    return lengths == 0 ? 1 : sums[0] / lengths;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
