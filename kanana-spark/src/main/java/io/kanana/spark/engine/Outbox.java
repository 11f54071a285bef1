package io.kanana.spark.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import scala.Tuple2;

/**
 * Rows of numbers on their way to the parts of a shuffle, many rows of a part in one array: a
 * record of Spark for each would cost several times its content. For one thread.
 */
final class Outbox implements Iterator<Tuple2<Integer, long[]>> {
  /** So many numbers are gathered before they are handed on: for all parts, and for each. */
  private static final int MOST = 1 << 20;

  private static final int MOST_OF_A_PART = 256;
  private static final int FEW = 16;

  /** Where rows come from. */
  @FunctionalInterface
  interface Source {
    /** Adds some rows; false where there are no more. */
    boolean fill(Outbox out);
  }

  private final Source source;
  private final long[][] rows;
  private final int[] lengths;
  private final Queue<Tuple2<Integer, long[]>> ready = new ArrayDeque<>();
  private final long most;
  private long gathered;
  private boolean more = true;

  /**
   * @param parts that rows may go to
   */
  Outbox(int parts, Source source) {
    this.source = source;
    this.rows = new long[parts][];
    this.lengths = new int[parts];
    this.most = Math.max(MOST, (long) MOST_OF_A_PART * parts);
  }

  /** Sends a row to a part. */
  void add(int part, long... row) {
    if (rows[part] == null) {
      rows[part] = new long[FEW];
    }
    if (lengths[part] + row.length > rows[part].length) {
      rows[part] = Arrays.copyOf(rows[part], 2 * rows[part].length);
    }
    System.arraycopy(row, 0, rows[part], lengths[part], row.length);
    lengths[part] += row.length;
    gathered += row.length;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && more) {
      while (more && gathered < most) {
        more = source.fill(this);
      }
      handOn();
    }
    return !ready.isEmpty();
  }

  private void handOn() {
    for (int part = 0; part < rows.length; part++) {
      if (lengths[part] > 0) {
        ready.add(new Tuple2<>(part, Arrays.copyOf(rows[part], lengths[part])));
        rows[part] = null;
        lengths[part] = 0;
      }
    }
    gathered = 0;
  }

  @Override
  public Tuple2<Integer, long[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }
}
