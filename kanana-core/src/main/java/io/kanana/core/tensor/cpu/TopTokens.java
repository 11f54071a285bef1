package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of a row of logits. */
final class TopTokens {
  private TopTokens() {}

  /**
   * Puts ids and values of the k largest of a row in order, the largest first, of equal ones that
   * of the lower id.
   *
   * @param ids I32 [k]
   * @param values F32 [k]
   */
  static void find(long row, int n, long ids, long values, int k) {
    for (int i = 0; i < k; i++) {
      insert(row, i, ids, values, i);
    }
    int i = k;
    // a vector at a time, of which most have none: the smallest kept is passed ever more rarely
    for (; i + WIDTH <= n; i += WIDTH) {
      float least = Lanes.f32(values + 4L * (k - 1));
      FloatVector vector = FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i, ORDER);
      if (vector.compare(VectorOperators.GT, least).anyTrue()) {
        insertLarger(row, i, i + WIDTH, ids, values, k);
      }
    }
    insertLarger(row, i, n, ids, values, k);
  }

  private static void insertLarger(long row, int from, int to, long ids, long values, int k) {
    for (int i = from; i < to; i++) {
      if (Lanes.f32(row + 4L * i) > Lanes.f32(values + 4L * (k - 1))) {
        insert(row, i, ids, values, k - 1);
      }
    }
  }

  /** Puts one in its place among {@code count} before it; what was behind them is lost. */
  private static void insert(long row, int id, long ids, long values, int count) {
    float value = Lanes.f32(row + 4L * id);
    int at = count;
    for (; at > 0 && Lanes.f32(values + 4L * (at - 1)) < value; at--) {
      Lanes.f32(values + 4L * at, Lanes.f32(values + 4L * (at - 1)));
      Lanes.i32(ids + 4L * at, Lanes.i32(ids + 4L * (at - 1)));
    }
    Lanes.f32(values + 4L * at, value);
    Lanes.i32(ids + 4L * at, id);
  }
}
