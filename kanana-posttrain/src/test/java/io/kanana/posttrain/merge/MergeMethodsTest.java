package io.kanana.posttrain.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MergeMethodsTest {
  /** More than one stretch, so that what depends on where a stretch begins would show. */
  private static final int SIZE = Elements.STRETCH + 4321;

  private static final double ROUNDING = 1e-12;

  private static final Elements BASE = MemoryElements.random(1, SIZE);
  private static final Elements A = MemoryElements.random(2, SIZE);
  private static final Elements B = MemoryElements.random(3, SIZE);
  private static final Elements C = MemoryElements.random(4, SIZE);

  private static double[] merge(MergeMethod method, ParentTensors parents) {
    return MemoryElements.all(method.merge(parents));
  }

  private static void assertSame(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= ROUNDING)) {
        assertThat(actual[i]).as("element %d", i).isEqualTo(expected[i]);
      }
    }
  }

  private static double[] values(Elements elements) {
    return ((MemoryElements) elements).values();
  }

  private static double[] each(java.util.function.IntToDoubleFunction value) {
    return IntStream.range(0, SIZE).mapToDouble(value).toArray();
  }

  @TestFactory
  Stream<DynamicTest> aModelMergedWithItselfIsItself() {
    ParentTensors plain = MemoryElements.parents(A, A);
    ParentTensors based = MemoryElements.withBase(BASE, A, A);
    return Stream.of(
        itself("linear", new Linear(true).create(Plans.weighted(3, 0.7)), plain),
        itself("slerp", new Slerp(0.3).create(Plans.unweighted(2)), plain),
        itself(
            "task-arithmetic",
            new TaskArithmetic(1, true).create(Plans.withBase(Plans.weighted(3, 0.7))),
            based),
        itself("ties", new Ties(1, true).create(Plans.thinned(1, 1, 3, 0.7)), based),
        itself("dare-ties", new DareTies(1, true, true).create(Plans.thinned(1, 1, 3, 0.7)), based),
        itself(
            "dare-linear", new DareLinear(1, true, true).create(Plans.thinned(1, 1, 3, 1)), based));
  }

  private static DynamicTest itself(String name, MergeMethod method, ParentTensors parents) {
    return DynamicTest.dynamicTest(
        name, () -> assertSame(merge(method, parents), values(parents.models().getFirst())));
  }

  @Test
  void weightsAreDividedByTheirSumOrNot() {
    double[] a = values(A);
    double[] b = values(B);
    ParentTensors parents = MemoryElements.parents(A, B);
    assertSame(
        merge(new Linear(true).create(Plans.weighted(2, 6)), parents),
        each(i -> 0.25 * a[i] + 0.75 * b[i]));
    assertSame(
        merge(new Linear(false).create(Plans.weighted(2, 6)), parents),
        each(i -> 2 * a[i] + 6 * b[i]));
    assertSame(
        merge(new Linear(true).create(Plans.unweighted(2)), parents), each(i -> (a[i] + b[i]) / 2));
  }

  @Test
  void aNegativeWeightTakesAwayWhatAModelLearned() {
    MergeMethod method = new TaskArithmetic(0.5, false).create(Plans.withBase(Plans.weighted(-2)));
    assertSame(
        merge(method, MemoryElements.withBase(BASE, A)),
        each(i -> 2 * values(BASE)[i] - values(A)[i]));
  }

  @TestFactory
  Stream<DynamicTest> theOrderOfModelsDoesNotMatter() {
    return Stream.of(
        inAnyOrder("linear", new Linear(true), 1),
        inAnyOrder("task-arithmetic", new TaskArithmetic(0.8, false), 1),
        inAnyOrder("ties", new Ties(0.8, true), 0.3),
        inAnyOrder("ties, summed", new Ties(0.8, false), 0.3));
  }

  private static DynamicTest inAnyOrder(String name, MergeMethod.Config config, double density) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          boolean linear = config instanceof Linear;
          boolean ties = config instanceof Ties;
          MergePlan forth = plan(linear, ties, density, 0.5, 0.3, 0.9);
          MergePlan back = plan(linear, ties, density, 0.9, 0.5, 0.3);
          assertSame(
              merge(config.create(forth), parents(linear, A, B, C)),
              merge(config.create(back), parents(linear, C, A, B)));
        });
  }

  private static MergePlan plan(boolean linear, boolean ties, double density, double... weights) {
    MergePlan plain = Plans.weighted(weights);
    return ties ? Plans.thinned(1, density, weights) : linear ? plain : Plans.withBase(plain);
  }

  private static ParentTensors parents(boolean linear, Elements... models) {
    return linear ? MemoryElements.parents(models) : MemoryElements.withBase(BASE, models);
  }

  @Test
  void theArcIsTheSameFromBothEnds() {
    Elements two = new WeightedSum(List.of(B), new double[] {2}); // another length
    double[] forth =
        merge(new Slerp(0.3).create(Plans.unweighted(2)), MemoryElements.parents(A, two));
    double[] back =
        merge(new Slerp(0.7).create(Plans.unweighted(2)), MemoryElements.parents(two, A));
    assertSame(forth, back);
    assertSame(
        merge(new Slerp(0).create(Plans.unweighted(2)), MemoryElements.parents(A, B)), values(A));
    assertSame(
        merge(new Slerp(1).create(Plans.unweighted(2)), MemoryElements.parents(A, B)), values(B));
  }

  @Test
  void unitVectorsStayOnTheCircle() {
    MergeMethod method = new Slerp(1.0 / 3).create(Plans.unweighted(2));
    double[] merged =
        merge(method, MemoryElements.parents(new MemoryElements(1, 0), new MemoryElements(0, 1)));
    assertSame(merged, new double[] {Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)});
  }

  @Test
  void theArcFromNothingIsALine() {
    MergeMethod half = new Slerp(0.5).create(Plans.unweighted(2));
    MemoryElements zero = new MemoryElements(0, 0);
    MemoryElements some = new MemoryElements(3, 4);
    assertSame(merge(half, MemoryElements.parents(zero, some)), new double[] {1.5, 2});
    assertSame(merge(half, MemoryElements.parents(zero, zero)), new double[] {0, 0});
    MemoryElements tiny = new MemoryElements(3e-12, 4e-12);
    assertThat(merge(half, MemoryElements.parents(tiny, tiny)))
        .containsExactly(tiny.values(), within(1e-26));
  }

  @Test
  void aSumOfZeroElectsPlus() {
    MergeMethod method = new Ties(1, true).create(Plans.thinned(1, 1, 1, 1));
    double[] merged =
        merge(
            method,
            MemoryElements.withBase(
                new MemoryElements(0, 0, 0, 0),
                new MemoryElements(2, -1, -3, 0),
                new MemoryElements(-2, -3, 1, 5)));
    assertThat(merged).containsExactly(2, -2, -3, 5);
  }

  @Test
  void thinningToEverythingIsTies() {
    ParentTensors parents = MemoryElements.withBase(BASE, A, B, C);
    assertThat(merge(new DareTies(0.7, true, true).create(Plans.thinned(1, 1, 0.5, 1, 2)), parents))
        .isEqualTo(merge(new Ties(0.7, true).create(Plans.thinned(1, 1, 0.5, 1, 2)), parents));
  }

  @Test
  void plansThatAMethodCannotCarryOutAreRefused() {
    MergePlan two = Plans.unweighted(2);
    MergePlan based = Plans.withBase(two);
    MergePlan thin = Plans.thinned(1, 0.5, 1, 1);
    refused(new Linear(true), based, "base: is not used by linear, got base; leave it out");
    refused(
        new Linear(true),
        new MergePlan(thin.models(), java.util.Optional.empty(), thin.key()),
        "models[0].density: is not used by linear, got 0.5; leave it out");
    refused(
        new Linear(true),
        Plans.weighted(0.5, -0.5),
        "models: have weights whose sum is 0.0, which nothing can be divided by; change one, or set"
            + " method.normalize to false");
    refused(
        new Slerp(0.5),
        Plans.unweighted(3),
        "models: must be two for slerp, which goes from one to the other, got 3");
    refused(
        new Slerp(0.5),
        Plans.weighted(1, 2),
        "models[0].weight: is not used by slerp, got 1.0; leave it out");
    for (MergeMethod.Config config :
        List.of(new Ties(1, true), new DareTies(1, true, true), new DareLinear(1, true, true))) {
      refused(config, two, "base: is missing; ", " needs the model that the others began as");
      refused(config, based, "models[0].density: is missing; ", " above 0 and at most 1");
    }
    refused(
        new TaskArithmetic(1, false),
        two,
        "base: is missing; task-arithmetic needs the model that the others began as");
    refused(new TaskArithmetic(1, false), thin, "models[0].density: is not used by task-arith");
  }

  private static void refused(MergeMethod.Config config, MergePlan plan, String... parts) {
    assertThatThrownBy(() -> config.create(plan))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(parts[0])
        .hasMessageContainingAll(parts);
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    for (double density : new double[] {0, -0.1, 1.0000001, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Plans.parent(1, density))
          .isInstanceOf(ConfigException.class)
          .hasMessage("density: must be above 0 and at most 1, got " + density);
    }
    assertThatThrownBy(
            () ->
                new MergeParent(
                    java.nio.file.Path.of("a"),
                    java.util.OptionalDouble.of(Double.NaN),
                    java.util.OptionalDouble.empty()))
        .hasMessage("weight: must be a finite number, got NaN");
    assertThatThrownBy(() -> new Slerp(1.5)).hasMessage("t: must be from 0 to 1, got 1.5");
    assertThatThrownBy(() -> new Ties(Double.POSITIVE_INFINITY, true))
        .hasMessage("lambda: must be a finite number, got Infinity");
    assertThat(Arrays.stream(Plans.unweighted(2).weights()).boxed()).containsExactly(1.0, 1.0);
  }
}
