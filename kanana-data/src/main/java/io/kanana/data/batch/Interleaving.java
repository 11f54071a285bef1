package io.kanana.data.batch;

import java.util.Arrays;

/**
 * Deals the sequences of an epoch to components: component i gets {@code quotas[i]} of them, spread
 * so evenly that after any number n of sequences it has had n * quota / total of them, to within
 * one for each component before it. Splitting is one component against the rest, again and again
 * (Bresenham's line), so that who has the n-th sequence follows without what came before.
 */
final class Interleaving {
  /** The n-th sequence of an epoch: the {@code index}-th of this epoch's of a component. */
  record Turn(int component, long index) {}

  private final long[] quotas;
  private final long total;

  Interleaving(long[] quotas) {
    this.quotas = quotas.clone();
    this.total = Arrays.stream(quotas).sum();
  }

  /** Quotas in proportion to weights that sum to {@code total} (largest remainders first). */
  static long[] quotas(double[] weights, long total) {
    double sum = Arrays.stream(weights).sum();
    long[] quotas = new long[weights.length];
    double[] remainders = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double exact = total * (weights[i] / sum);
      quotas[i] = (long) exact;
      remainders[i] = exact - quotas[i];
    }
    for (long missing = total - Arrays.stream(quotas).sum(); missing > 0; missing--) {
      int largest = 0;
      for (int i = 1; i < remainders.length; i++) {
        largest = remainders[i] > remainders[largest] ? i : largest;
      }
      quotas[largest]++;
      remainders[largest]--;
    }
    return quotas;
  }

  long quota(int component) {
    return quotas[component];
  }

  Turn turn(long sequence) {
    long index = sequence;
    long rest = total;
    for (int component = 0; component < quotas.length; component++) {
      long before = share(index, quotas[component], rest);
      if (share(index + 1, quotas[component], rest) > before) {
        return new Turn(component, before);
      }
      index -= before;
      rest -= quotas[component];
    }
    throw new IndexOutOfBoundsException(sequence + " is outside 0 .. " + (total - 1));
  }

  private static long share(long index, long quota, long rest) {
    return rest == 0 ? 0 : Math.multiplyExact(index, quota) / rest;
  }
}
