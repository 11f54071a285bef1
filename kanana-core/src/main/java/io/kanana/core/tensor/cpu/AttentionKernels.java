package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.WIDTH;
import static io.kanana.core.tensor.cpu.Lanes.broadcast;
import static io.kanana.core.tensor.cpu.Lanes.load;
import static io.kanana.core.tensor.cpu.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of a block of queries to their keys without the matrix of scores (Dao et al., arXiv
 * 2205.14135 and 2307.08691).
 *
 * <p>Scores are held transposed, S'[key][query]: queries lie side by side in the lanes of a vector,
 * so maximum, exponential and sum over keys need no reduction across lanes, and the products need
 * no transposed keys or values.
 */
final class AttentionKernels {
  /** Queries and keys of a block. */
  static final int BLOCK = 64;

  /** Below every score, and finite so that differences are no NaN. */
  private static final float LOWEST = -1e30f;

  private static final long ROW = 4L * BLOCK;

  private AttentionKernels() {}

  /** Bytes of working memory of {@link #forward}. */
  static long forwardBytes(int headDim) {
    return ROW * (2L * headDim + BLOCK + 4);
  }

  /** Bytes of working memory of {@link #backward}. */
  static long backwardBytes(int headDim) {
    return ROW * (2L * headDim + 2L * BLOCK + 4);
  }

  /**
   * The rows of one head that attention reads: addresses of the first position's row, and strides
   * in bytes.
   *
   * @param position where query 0 stands among the keys
   * @param starts document starts of the queries, or 0 where all see from key 0
   */
  record Head(
      long queries,
      long queryRow,
      long keys,
      long values,
      long keyRow,
      int headDim,
      int position,
      long starts) {}

  /**
   * Queries [first, first + count) of a head, count at most {@link #BLOCK}.
   *
   * @param out address of the output row of query 0
   * @param logSumExp address of that of query 0, or 0
   * @param scratch working memory
   */
  static void forward(
      Head head, int first, int count, long out, long outRow, long logSumExp, long scratch) {
    int headDim = head.headDim();
    long queries = scratch;
    long scores = queries + ROW * headDim;
    long sum = scores + ROW * BLOCK;
    long max = sum + ROW;
    long shrink = max + ROW;
    long starts = shrink + ROW;
    long result = starts + ROW;
    float scale = (float) (1 / Math.sqrt(headDim));
    transpose(
        head.queries() + first * head.queryRow(), head.queryRow(), count, headDim, scale, queries);
    int lowest = copyStarts(head.starts(), first, count, starts);
    Lanes.zero(sum, ROW);
    Lanes.zero(result, ROW * headDim);
    setAll(max, LOWEST);
    int end = head.position() + first + count;
    for (int key = lowest / BLOCK * BLOCK; key < end; key += BLOCK) {
      int keys = Math.min(BLOCK, end - key);
      long keyAt = head.keys() + key * head.keyRow();
      Tiles.multiply(
          keys, BLOCK, headDim, keyAt, head.keyRow(), 4, queries, ROW, scores, ROW, false);
      mask(scores, key, keys, head.position() + first, starts, lowest);
      softmax(scores, keys, max, sum, shrink);
      rescale(result, headDim, count, shrink);
      long valueAt = head.values() + key * head.keyRow();
      Tiles.multiply(
          count, headDim, keys, scores, 4, ROW, valueAt, head.keyRow(), result, 4L * headDim, true);
    }
    finish(result, headDim, count, sum, out + first * outRow, outRow);
    if (logSumExp != 0) {
      storeLogSumExp(max, sum, count, logSumExp + 4L * first);
    }
  }

  /** out[d][i] = scale * rows[i][d], zero for i beyond count. */
  private static void transpose(
      long rows, long stride, int count, int headDim, float scale, long out) {
    if (count < BLOCK) {
      Lanes.zero(out, ROW * headDim);
    }
    for (int i = 0; i < count; i++) {
      long row = rows + i * stride;
      long to = out + 4L * i;
      for (int d = 0; d < headDim; d++) {
        Lanes.f32(to + ROW * d, scale * Lanes.f32(row + 4L * d));
      }
    }
  }

  /** Copies document starts as floats' neighbours in lanes; returns the lowest. */
  private static int copyStarts(long starts, int first, int count, long out) {
    Lanes.zero(out, ROW);
    if (starts == 0) {
      return 0;
    }
    int lowest = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      int start = Lanes.i32(starts + 4L * (first + i));
      Lanes.i32(out + 4L * i, start);
      lowest = Math.min(lowest, start);
    }
    return lowest;
  }

  private static void setAll(long out, float value) {
    for (int i = 0; i < BLOCK; i += WIDTH) {
      store(broadcast(value), out + 4L * i);
    }
  }

  /** Hides keys after a query and before its document. */
  private static void mask(long scores, int key, int keys, int position, long starts, int lowest) {
    boolean later = key + keys - 1 > position;
    for (int i = 0; i < BLOCK; i += WIDTH) {
      IntVector start = Lanes.loadInts(starts + 4L * i);
      boolean earlier = start.reduceLanes(VectorOperators.MAX) > Math.max(lowest, key);
      if (later || earlier || lowest > key) {
        maskColumn(scores + 4L * i, key, keys, position + i, start);
      }
    }
  }

  private static void maskColumn(long scores, int key, int keys, int position, IntVector start) {
    IntVector query = IntVector.broadcast(Lanes.I32, position).addIndex(1);
    for (int u = 0; u < keys; u++) {
      VectorMask<Integer> after = query.compare(VectorOperators.LT, key + u);
      VectorMask<Integer> hidden = start.compare(VectorOperators.GT, key + u).or(after);
      FloatVector s = load(scores + ROW * u);
      store(s.blend(Float.NEGATIVE_INFINITY, hidden.cast(Lanes.F32)), scores + ROW * u);
    }
  }

  /** Turns scores into exponentials and keeps the running maximum and sum of each query. */
  private static void softmax(long scores, int keys, long max, long sum, long shrink) {
    for (int i = 0; i < BLOCK; i += WIDTH) {
      long at = 4L * i;
      FloatVector before = load(max + at);
      FloatVector now = columnMax(scores + at, keys, before);
      FloatVector factor = Lanes.exp(before.sub(now));
      FloatVector added = columnExp(scores + at, keys, now);
      store(now, max + at);
      store(factor, shrink + at);
      store(load(sum + at).fma(factor, added), sum + at);
    }
  }

  private static FloatVector columnMax(long scores, int keys, FloatVector max) {
    for (int u = 0; u < keys; u++) {
      max = max.max(load(scores + ROW * u));
    }
    return max;
  }

  private static FloatVector columnExp(long scores, int keys, FloatVector max) {
    FloatVector sum = broadcast(0f);
    for (int u = 0; u < keys; u++) {
      FloatVector p = Lanes.exp(load(scores + ROW * u).sub(max));
      store(p, scores + ROW * u);
      sum = sum.add(p);
    }
    return sum;
  }

  private static void rescale(long result, int headDim, int count, long shrink) {
    for (int i = 0; i < count; i++) {
      float factor = Lanes.f32(shrink + 4L * i);
      if (factor != 1) {
        ElementKernels.scale(result + 4L * headDim * i, headDim, factor);
      }
    }
  }

  private static void finish(long result, int headDim, int count, long sum, long out, long outRow) {
    for (int i = 0; i < count; i++) {
      long row = result + 4L * headDim * i;
      ElementKernels.scale(row, headDim, 1 / Lanes.f32(sum + 4L * i));
      Lanes.copy(row, out + i * outRow, 4L * headDim);
    }
  }

  private static void storeLogSumExp(long max, long sum, int count, long out) {
    for (int i = 0; i < count; i++) {
      double log = Math.log(Lanes.f32(sum + 4L * i));
      Lanes.f32(out + 4L * i, (float) (Lanes.f32(max + 4L * i) + log));
    }
  }

  /**
   * Where the gradients of a head go; rows have the strides of {@link Head}.
   *
   * @param out rows of the output, from query 0
   * @param dOut rows of its gradient
   * @param outRow stride of both
   */
  record Gradients(
      long out, long dOut, long outRow, long logSumExp, long dQueries, long dKeys, long dValues) {}

  /**
   * Adds what queries [first, first + count) contribute to the gradients of a head, all of which
   * start from zero.
   */
  static void backward(Head head, Gradients gradients, int first, int count, long scratch) {
    int headDim = head.headDim();
    long queries = scratch;
    long dOuts = queries + ROW * headDim;
    long scores = dOuts + ROW * headDim;
    long dScores = scores + ROW * BLOCK;
    long logSumExp = dScores + ROW * BLOCK;
    long delta = logSumExp + ROW;
    long starts = delta + ROW;
    float scale = (float) (1 / Math.sqrt(headDim));
    long queryAt = head.queries() + first * head.queryRow();
    long dOutAt = gradients.dOut() + first * gradients.outRow();
    transpose(queryAt, head.queryRow(), count, headDim, scale, queries);
    transpose(dOutAt, gradients.outRow(), count, headDim, 1, dOuts);
    int lowest = copyStarts(head.starts(), first, count, starts);
    prepare(gradients, first, count, headDim, logSumExp, delta);
    long row = head.keyRow();
    int end = first + count;
    for (int key = lowest / BLOCK * BLOCK; key < end; key += BLOCK) {
      int keys = Math.min(BLOCK, end - key);
      long at = key * row;
      Tiles.multiply(
          keys, BLOCK, headDim, head.keys() + at, row, 4, queries, ROW, scores, ROW, false);
      mask(scores, key, keys, first, starts, lowest);
      Tiles.multiply(
          keys, BLOCK, headDim, head.values() + at, row, 4, dOuts, ROW, dScores, ROW, false);
      differentiate(scores, dScores, keys, logSumExp, delta, scale);
      Tiles.multiply(
          keys,
          headDim,
          count,
          scores,
          ROW,
          4,
          dOutAt,
          gradients.outRow(),
          gradients.dValues() + at,
          row,
          true);
      Tiles.multiply(
          keys,
          headDim,
          count,
          dScores,
          ROW,
          4,
          queryAt,
          head.queryRow(),
          gradients.dKeys() + at,
          row,
          true);
      long dQueryAt = gradients.dQueries() + first * head.queryRow();
      Tiles.multiply(
          count,
          headDim,
          keys,
          dScores,
          4,
          ROW,
          head.keys() + at,
          row,
          dQueryAt,
          head.queryRow(),
          true);
    }
  }

  /** Per query: log-sum-exp, and delta = dOut . out. */
  private static void prepare(
      Gradients gradients, int first, int count, int headDim, long logSumExp, long delta) {
    Lanes.zero(logSumExp, ROW);
    Lanes.zero(delta, ROW);
    Lanes.copy(gradients.logSumExp() + 4L * first, logSumExp, 4L * count);
    for (int i = 0; i < count; i++) {
      long at = (first + i) * gradients.outRow();
      Lanes.f32(delta + 4L * i, dot(gradients.out() + at, gradients.dOut() + at, headDim));
    }
  }

  /** The inner product of two rows. */
  static float dot(long a, long b, int n) {
    FloatVector sum = broadcast(0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      sum = load(a + 4L * i).fma(load(b + 4L * i), sum);
    }
    if (i < n) {
      VectorMask<Float> mask = Lanes.first(n - i);
      sum = load(a + 4L * i, mask).fma(load(b + 4L * i, mask), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** Scores become probabilities P, their gradients dP become scale * P * (dP - delta). */
  private static void differentiate(
      long scores, long dScores, int keys, long logSumExp, long delta, float scale) {
    for (int i = 0; i < BLOCK; i += WIDTH) {
      long at = 4L * i;
      differentiateColumn(
          scores + at, dScores + at, keys, load(logSumExp + at), load(delta + at), scale);
    }
  }

  private static void differentiateColumn(
      long scores, long dScores, int keys, FloatVector logSumExp, FloatVector delta, float scale) {
    for (int u = 0; u < keys; u++) {
      long at = ROW * u;
      FloatVector p = Lanes.exp(load(scores + at).sub(logSumExp));
      store(p, scores + at);
      store(load(dScores + at).sub(delta).mul(p).mul(scale), dScores + at);
    }
  }
}
