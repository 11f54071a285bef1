package io.kanana.core.train;

import io.kanana.core.config.Check;

/**
 * How many sequences each update takes: always as many, or few at first and more from step to step
 * until the batch is full. Small batches are enough while gradients are large and agree, which is
 * why Llama 3 (section 3.4.1 of its report) and DeepSeek-V3 (4.2) begin with them.
 *
 * <p>Immutable.
 */
public final class BatchSizes {
  private final int full;

  /** How many sequences the first i steps take, up to and including the first full one. */
  private final long[] before;

  private BatchSizes(int full, long[] before) {
    this.full = full;
    this.before = before;
  }

  /** Every step takes as many. */
  public static BatchSizes constant(int sequences) {
    Check.that(sequences > 0, "sequences-per-step", "must be at least 1, got %s", sequences);
    return new BatchSizes(sequences, new long[] {0});
  }

  /**
   * Grows from the first step's size to the full one along a straight line, rounded down to whole
   * sequences.
   *
   * @param first sequences of the first step
   * @param full sequences of the step after {@code steps} others, and of every later one
   */
  public static BatchSizes ramp(int first, int full, int steps) {
    Check.that(
        first > 0 && first <= full, "from", "must be in 1..%s sequences, got %s", full, first);
    Check.that(steps > 0, "steps", "must be at least 1, got %s", steps);
    long[] before = new long[steps + 1];
    for (int step = 0; step < steps; step++) {
      before[step + 1] = before[step] + first + (long) (full - first) * step / steps;
    }
    return new BatchSizes(full, before);
  }

  /** Sequences of a full batch. */
  public int full() {
    return full;
  }

  /** Sequences of the step that comes after this many. */
  public int at(long step) {
    return (int) (before(step + 1) - before(step));
  }

  /** Sequences of this many steps, from the first on. */
  public long before(long steps) {
    int ramp = before.length - 1;
    return steps <= ramp ? before[(int) steps] : before[ramp] + (steps - ramp) * full;
  }

  /** The fewest steps that take at least so many sequences, and at least 1. */
  long steps(double sequences) {
    int ramp = before.length - 1;
    if (sequences > before[ramp]) {
      return ramp + (long) Math.ceil((sequences - before[ramp]) / full);
    }
    int steps = 1;
    while (before[steps] < sequences) {
      steps++;
    }
    return steps;
  }
}
