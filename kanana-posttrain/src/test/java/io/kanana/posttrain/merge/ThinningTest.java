package io.kanana.posttrain.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.random.RandomKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a difference before it is merged: its largest entries, or some by chance. */
class ThinningTest {
  private static final int SIZE = Elements.STRETCH + 999;

  /** By sorting: the magnitudes from the largest on, of equal ones the first. */
  private static double[] sorted(double[] values, double density) {
    double[] kept = new double[values.length];
    IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(values[i])))
        .limit((long) (density * values.length))
        .forEach(i -> kept[i] = values[i]);
    return kept;
  }

  private static double[] largest(double[] values, double density) {
    return MemoryElements.all(LargestEntries.of(new MemoryElements(values), density));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-5, 0.001, 0.2, 0.5, 0.9999, 1})
  void theLargestAreThoseThatSortingFinds(double density) {
    double[] values = MemoryElements.random(1, SIZE).values();
    values[17] = Double.MIN_VALUE;
    values[18] = -Double.MAX_VALUE;
    values[19] = -0.0;
    assertThat(largest(values, density)).isEqualTo(sorted(values, density));
  }

  /** As of BF16 weights, whose differences take few values: all limits fall among equals. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.5, 0.77})
  void ofEqualsTheFirstStay(double density) {
    double[] values = MemoryElements.random(2, SIZE).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint(values[i] * 2) / 2;
    }
    double[] kept = largest(values, density);
    assertThat(kept).isEqualTo(sorted(values, density));
    assertThat(Arrays.stream(kept).filter(value -> value == 0).count()).isPositive();
  }

  @Test
  void asManyStayAsTheIntegerPartSays() {
    double[] values = {5, -4, 3, -2, 1};
    assertThat(largest(values, 0.5)).containsExactly(5, -4, 0, 0, 0);
    assertThat(largest(values, 0.19)).containsOnly(0);
    assertThat(largest(values, 1)).containsExactly(5, -4, 3, -2, 1);
    assertThat(largest(new double[5], 0.6)).containsOnly(0);
  }

  private static double[] random(long seed, double density, boolean rescale, double[] values) {
    return MemoryElements.all(
        new RandomEntries(new MemoryElements(values), RandomKey.of(seed), density, rescale));
  }

  /** Over seeds, each entry's mean is within five standard errors of it. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void theMeanOverSeedsIsTheTaskVector(double density) {
    double[] values = {1, -2, 0.25, 8};
    int seeds = 40_000;
    double[] rescaled = new double[values.length];
    double[] plain = new double[values.length];
    for (int seed = 0; seed < seeds; seed++) {
      add(rescaled, random(seed, density, true, values), 1.0 / seeds);
      add(plain, random(seed, density, false, values), 1.0 / seeds);
    }
    double error = Math.sqrt((1 - density) / density / seeds);
    for (int i = 0; i < values.length; i++) {
      double allowed = 5 * error * Math.abs(values[i]);
      assertThat(rescaled[i]).isCloseTo(values[i], within(allowed));
      assertThat(plain[i]).isCloseTo(density * values[i], within(allowed * density));
    }
  }

  private static void add(double[] sum, double[] values, double factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  @Test
  void aMergeTendsToTaskArithmetic() {
    Elements base = MemoryElements.random(1, 50);
    Elements a = MemoryElements.random(2, 50);
    Elements b = MemoryElements.random(3, 50);
    int seeds = 20_000;
    double[] mean = new double[50];
    for (int seed = 0; seed < seeds; seed++) {
      MergeMethod method =
          new DareLinear(0.8, false, true).create(Plans.thinned(seed, 0.5, 0.6, 0.4));
      double[] merged = MemoryElements.all(method.merge(MemoryElements.withBase(base, a, b)));
      add(mean, merged, 1.0 / seeds);
    }
    MergeMethod whole =
        new TaskArithmetic(0.8, false).create(Plans.withBase(Plans.weighted(0.6, 0.4)));
    double[] expected = MemoryElements.all(whole.merge(MemoryElements.withBase(base, a, b)));
    // differences are below 5, so a merged entry's deviation is below 0.8 (0.6 + 0.4) 5 = 4
    assertThat(mean).containsExactly(expected, within(5 * 4 / Math.sqrt(seeds)));
  }

  @Test
  void entriesAreDividedByTheDensityOrNotAndAsManyStay() {
    double[] ones = new double[SIZE];
    Arrays.fill(ones, 1);
    double[] rescaled = random(3, 0.25, true, ones);
    double[] plain = random(3, 0.25, false, ones);
    assertThat(rescaled).containsOnly(0, 4);
    assertThat(plain).containsOnly(0, 1);
    double stay = Arrays.stream(plain).sum() / SIZE;
    assertThat(stay).isCloseTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / SIZE)));
  }

  @Test
  void masksAreOfATensorAndAModelWhateverElseIsMerged() {
    double[] ones = new double[200];
    Arrays.fill(ones, 1);
    Elements some = new MemoryElements(ones);
    MergePlan plan = Plans.thinned(5, 0.5, 1, 1);
    TaskVectors.Thinning thinning = RandomEntries.of(plan, plan.densities("test"), true);
    double[] first = MemoryElements.all(thinning.of(some, "a", 0));
    assertThat(MemoryElements.all(thinning.of(some, "a", 0))).isEqualTo(first);
    assertThat(MemoryElements.all(thinning.of(some, "b", 0))).isNotEqualTo(first);
    assertThat(MemoryElements.all(thinning.of(some, "a", 1))).isNotEqualTo(first);
    MergePlan longer = Plans.thinned(5, 0.5, 1, 1, 1);
    assertThat(
            MemoryElements.all(
                RandomEntries.of(longer, longer.densities("test"), true).of(some, "a", 0)))
        .isEqualTo(first);
  }

  @Test
  void aStretchIsTheSameWhereverReadingBegins() {
    Elements all = new RandomEntries(MemoryElements.random(9, SIZE), RandomKey.of(4), 0.5, true);
    Elements large = LargestEntries.of(MemoryElements.random(9, SIZE), 0.4);
    for (Elements elements : new Elements[] {all, large}) {
      double[] whole = MemoryElements.all(elements);
      double[] part = new double[777];
      elements.read(SIZE - 900, part);
      assertThat(part).isEqualTo(Arrays.copyOfRange(whole, SIZE - 900, SIZE - 123));
    }
  }
}
