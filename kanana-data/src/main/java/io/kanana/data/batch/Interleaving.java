package io.kanana.data.batch;

import java.util.Arrays;

/**
 * Deals sequences to components without end: of every {@code total} sequences component i gets
 * {@code quotas[i]}, spread so evenly that after any number n of sequences it has had n * quota /
 * total of them, to within one for itself and each component before it. Splitting is one component
 * against the rest, again and again (Bresenham's line), so that who has the n-th sequence follows
 * without what came before.
 */
final class Interleaving {
  /** The n-th sequence of a run: the {@code index}-th that a component gives. */
  record Turn(int component, long index) {}

  /** Beyond it, products of two numbers of sequences do not fit a long. */
  static final long LARGEST_TOTAL = 3_000_000_000L;

  /** Shares are kept to a millionth at least, however few sequences there are. */
  private static final long LEAST_TOTAL = 1 << 20;

  private final long[] quotas;
  private final long total;

  Interleaving(long[] quotas) {
    this.quotas = quotas.clone();
    this.total = Arrays.stream(quotas).sum();
  }

  /**
   * Quotas in proportion to shares, of a multiple of {@code epoch}: where shares are in proportion
   * to whole numbers that sum to an epoch, these numbers are dealt exactly in every epoch.
   */
  static Interleaving of(double[] shares, long epoch) {
    return new Interleaving(quotas(shares, epoch * Math.max(1, Math.ceilDiv(LEAST_TOTAL, epoch))));
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

  /** Sequences of a component in every {@link #total}. */
  long quota(int component) {
    return quotas[component];
  }

  /** After so many sequences it begins again. */
  long total() {
    return total;
  }

  /** Whose turn the n-th sequence of a run is, from 0 on. */
  Turn turn(long sequence) {
    long round = sequence / total;
    long index = sequence % total;
    long rest = total;
    for (int component = 0; component < quotas.length; component++) {
      long before = share(index, quotas[component], rest);
      if (share(index + 1, quotas[component], rest) > before) {
        return new Turn(component, round * quotas[component] + before);
      }
      index -= before;
      rest -= quotas[component];
    }
    throw new IndexOutOfBoundsException("there is no sequence " + sequence);
  }

  /** How many of the first {@code sequences} of a run a component gives. */
  long taken(int component, long sequences) {
    long index = sequences % total;
    long rest = total;
    for (int i = 0; i < component; i++) {
      index -= share(index, quotas[i], rest);
      rest -= quotas[i];
    }
    return sequences / total * quotas[component] + share(index, quotas[component], rest);
  }

  private static long share(long index, long quota, long rest) {
    return rest == 0 ? 0 : Math.multiplyExact(index, quota) / rest;
  }
}
