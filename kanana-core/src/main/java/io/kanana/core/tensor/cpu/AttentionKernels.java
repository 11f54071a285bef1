package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
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
    return ROW * (2L * headDim + BLOCK + 5);
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
    long positions = starts + ROW;
    long result = positions + ROW;
    float scale = (float) (1 / Math.sqrt(headDim));
    long queryAt = head.queries() + first * head.queryRow();
    transpose(queryAt, head.queryRow(), count, headDim, scale, queries);
    placeQueries(head, first, count, starts, positions);
    fill(sum, 0);
    fill(max, LOWEST);
    int begin = firstKey(starts, count) / BLOCK * BLOCK;
    int end = head.position() + first + count;
    for (int key = begin; key < end; key += BLOCK) {
      int keys = Math.min(BLOCK, end - key);
      long at = key * head.keyRow();
      Tiles.multiply(
          keys,
          BLOCK,
          headDim,
          head.keys() + at,
          head.keyRow(),
          4,
          queries,
          ROW,
          scores,
          ROW,
          false);
      mask(scores, key, keys, count, starts, positions);
      softmax(scores, keys, max, sum, shrink);
      boolean more = key > begin;
      if (more) {
        rescale(result, headDim, count, shrink);
      }
      Tiles.multiply(
          count,
          headDim,
          keys,
          scores,
          4,
          ROW,
          head.values() + at,
          head.keyRow(),
          result,
          4L * headDim,
          more);
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
      ElementKernels.fill(out, BLOCK * headDim, 0);
    }
    for (int i = 0; i < count; i++) {
      long row = rows + i * stride;
      long to = out + 4L * i;
      for (int d = 0; d < headDim; d++) {
        Lanes.f32(to + ROW * d, scale * Lanes.f32(row + 4L * d));
      }
    }
  }

  /** Positions of the queries and of the first keys they see, as F32 like the scores. */
  private static void placeQueries(Head head, int first, int count, long starts, long positions) {
    fill(starts, 0);
    for (int i = 0; i < BLOCK; i++) {
      Lanes.f32(positions + 4L * i, head.position() + first + i);
    }
    for (int i = 0; i < count && head.starts() != 0; i++) {
      Lanes.f32(starts + 4L * i, Lanes.i32(head.starts() + 4L * (first + i)));
    }
  }

  private static void fill(long row, float value) {
    ElementKernels.fill(row, BLOCK, value);
  }

  private static int firstKey(long starts, int count) {
    float first = Lanes.f32(starts);
    for (int i = 1; i < count; i++) {
      first = Math.min(first, Lanes.f32(starts + 4L * i));
    }
    return (int) first;
  }

  /** Hides keys after a query and before its document. */
  private static void mask(long scores, int key, int keys, int count, long starts, long positions) {
    float lastStart = HeadKernels.max(starts, count);
    if (key + keys - 1 > Lanes.f32(positions) || lastStart > key) {
      for (int i = 0; i < BLOCK; i += WIDTH) {
        long at = 4L * i;
        maskColumn(scores + at, key, keys, starts + at, positions + at);
      }
    }
  }

  private static void maskColumn(long scores, int key, int keys, long starts, long positions) {
    FloatVector start = FloatVector.fromMemorySegment(F32, MEMORY, starts, ORDER);
    FloatVector position = FloatVector.fromMemorySegment(F32, MEMORY, positions, ORDER);
    for (int u = 0; u < keys; u++) {
      FloatVector current = FloatVector.broadcast(F32, (float) (key + u));
      VectorMask<Float> hidden =
          start.compare(VectorOperators.GT, current).or(position.lt(current));
      FloatVector.fromMemorySegment(F32, MEMORY, scores + ROW * u, ORDER)
          .blend(Float.NEGATIVE_INFINITY, hidden)
          .intoMemorySegment(MEMORY, scores + ROW * u, ORDER);
    }
  }

  /** Turns scores into exponentials and keeps the running maximum and sum of each query. */
  private static void softmax(long scores, int keys, long max, long sum, long shrink) {
    for (int i = 0; i < BLOCK; i += WIDTH) {
      long at = 4L * i;
      subtractMax(scores + at, keys, max + at, shrink + at);
    }
    Exponential.apply(scores, scores, keys * BLOCK, 1, 0);
    Exponential.apply(shrink, shrink, BLOCK, 1, 0);
    for (int i = 0; i < BLOCK; i += WIDTH) {
      long at = 4L * i;
      addColumn(scores + at, keys, sum + at, shrink + at);
    }
  }

  /** Shrink becomes the old maximum less the new. */
  private static void subtractMax(long scores, int keys, long max, long shrink) {
    FloatVector before = FloatVector.fromMemorySegment(F32, MEMORY, max, ORDER);
    FloatVector now = before;
    for (int u = 0; u < keys; u++) {
      now = now.max(FloatVector.fromMemorySegment(F32, MEMORY, scores + ROW * u, ORDER));
    }
    now.intoMemorySegment(MEMORY, max, ORDER);
    before.sub(now).intoMemorySegment(MEMORY, shrink, ORDER);
    subtractColumn(scores, keys, max);
  }

  private static void addColumn(long scores, int keys, long sum, long shrink) {
    FloatVector total =
        FloatVector.fromMemorySegment(F32, MEMORY, sum, ORDER)
            .mul(FloatVector.fromMemorySegment(F32, MEMORY, shrink, ORDER));
    for (int u = 0; u < keys; u++) {
      total = total.add(FloatVector.fromMemorySegment(F32, MEMORY, scores + ROW * u, ORDER));
    }
    total.intoMemorySegment(MEMORY, sum, ORDER);
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
   * Bytes of working memory of {@link #decode}, in steps so that a longer cache seldom asks more.
   */
  static long decodeBytes(Head head, int query) {
    return 4096L * ((head.position() + query) / 1024 + 1);
  }

  /** One query that sees all keys up to its own: without blocks, which it would leave empty. */
  static void decode(Head head, int query, long out, long scratch) {
    int headDim = head.headDim();
    int keys = head.position() + query + 1;
    long queryAt = head.queries() + query * head.queryRow();
    float scale = (float) (1 / Math.sqrt(headDim));
    for (int u = 0; u < keys; u++) {
      long key = head.keys() + u * head.keyRow();
      Lanes.f32(scratch + 4L * u, scale * dot(queryAt, key, headDim));
    }
    Exponential.apply(scratch, scratch, keys, 1, -HeadKernels.max(scratch, keys));
    float sum = (float) HeadKernels.sum(scratch, keys);
    Tiles.multiply(1, headDim, keys, scratch, 0, 4, head.values(), head.keyRow(), out, 0, false);
    ElementKernels.scale(out, headDim, 1 / sum);
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
   * Adds what queries [first, first + count) contribute to the gradients of keys and values, and
   * writes their own.
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
    long positions = starts + ROW;
    float scale = (float) (1 / Math.sqrt(headDim));
    long queryAt = head.queries() + first * head.queryRow();
    long dOutAt = gradients.dOut() + first * gradients.outRow();
    transpose(queryAt, head.queryRow(), count, headDim, scale, queries);
    transpose(dOutAt, gradients.outRow(), count, headDim, 1, dOuts);
    placeQueries(head, first, count, starts, positions);
    prepare(gradients, first, count, headDim, logSumExp, delta);
    long row = head.keyRow();
    int end = first + count;
    int begin = firstKey(starts, count) / BLOCK * BLOCK;
    for (int key = begin; key < end; key += BLOCK) {
      int keys = Math.min(BLOCK, end - key);
      long at = key * row;
      Tiles.multiply(
          keys, BLOCK, headDim, head.keys() + at, row, 4, queries, ROW, scores, ROW, false);
      mask(scores, key, keys, count, starts, positions);
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
          key > begin);
    }
  }

  /** Per query: log-sum-exp, and delta = dOut . out. */
  private static void prepare(
      Gradients gradients, int first, int count, int headDim, long logSumExp, long delta) {
    fill(logSumExp, 0);
    fill(delta, 0);
    Lanes.copy(gradients.logSumExp() + 4L * first, logSumExp, 4L * count);
    for (int i = 0; i < count; i++) {
      long at = (first + i) * gradients.outRow();
      Lanes.f32(delta + 4L * i, dot(gradients.out() + at, gradients.dOut() + at, headDim));
    }
  }

  /** The inner product of two rows. */
  static float dot(long a, long b, int n) {
    FloatVector sum = FloatVector.broadcast(F32, 0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + 4L * i, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 4L * i, ORDER), sum);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + 4L * i, ORDER, mask)
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 4L * i, ORDER, mask), sum);
    }
    return Lanes.sum(sum);
  }

  /** Scores become probabilities P, their gradients dP become scale * P * (dP - delta). */
  private static void differentiate(
      long scores, long dScores, int keys, long logSumExp, long delta, float scale) {
    for (int i = 0; i < BLOCK; i += WIDTH) {
      subtractColumn(scores + 4L * i, keys, logSumExp + 4L * i);
    }
    Exponential.apply(scores, scores, keys * BLOCK, 1, 0);
    for (int i = 0; i < BLOCK; i += WIDTH) {
      long at = 4L * i;
      differentiateColumn(scores + at, dScores + at, keys, delta + at, scale);
    }
  }

  private static void subtractColumn(long scores, int keys, long row) {
    FloatVector subtrahend = FloatVector.fromMemorySegment(F32, MEMORY, row, ORDER);
    for (int u = 0; u < keys; u++) {
      long at = scores + ROW * u;
      FloatVector.fromMemorySegment(F32, MEMORY, at, ORDER)
          .sub(subtrahend)
          .intoMemorySegment(MEMORY, at, ORDER);
    }
  }

  private static void differentiateColumn(
      long scores, long dScores, int keys, long deltas, float scale) {
    FloatVector delta = FloatVector.fromMemorySegment(F32, MEMORY, deltas, ORDER);
    for (int u = 0; u < keys; u++) {
      FloatVector p =
          FloatVector.fromMemorySegment(F32, MEMORY, scores + ROW * u, ORDER).mul(scale);
      long at = dScores + ROW * u;
      FloatVector.fromMemorySegment(F32, MEMORY, at, ORDER)
          .sub(delta)
          .mul(p)
          .intoMemorySegment(MEMORY, at, ORDER);
    }
  }
}
