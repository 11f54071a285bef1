package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Attention of a block of queries to their keys without the matrix of scores (Dao et al., arXiv
 * 2205.14135 and 2307.08691). Products are those of the back end, on one thread, in F32 or BF16;
 * what lies between them is F32.
 *
 * <p>A query sees one range of keys: from the start of its document to itself. So a mask is two
 * numbers per row, and nothing is computed of what it hides but for the products.
 */
final class AttentionKernels {
  /** Queries of a block. */
  static final int QUERIES = 64;

  /** Keys whose scores are in memory at once: with those of the gradients they fit a cache. */
  private static final int KEYS = 512;

  /**
   * From a row of scores to the next: rows a power of two apart would share few sets of a cache.
   */
  private static final int ROW = KEYS + 16;

  /** Rows are worked on in whole pairs of vectors, which {@link Exponential} takes at a time. */
  private static final int PAIR = 2 * WIDTH;

  /** Below every score, and finite so that differences are no NaN. */
  private static final float LOWEST = -1e30f;

  private final MatrixProduct product;

  AttentionKernels(MatrixProduct product) {
    this.product = product;
  }

  /**
   * What attention reads of one head: addresses of the first position's rows, and strides in
   * elements.
   *
   * @param bf16 whether the rows are BF16 rather than F32
   * @param position where query 0 stands among the keys
   * @param starts document starts of the queries, or 0 where all see from key 0
   */
  record Head(
      long queries,
      int queryStride,
      long keys,
      long values,
      int keyStride,
      int headDim,
      boolean bf16,
      int position,
      long starts) {
    private long element() {
      return bf16 ? Short.BYTES : Float.BYTES;
    }

    long query(int t) {
      return queries + element() * queryStride * t;
    }

    long key(int u) {
      return keys + element() * keyStride * u;
    }

    long value(int u) {
      return values + element() * keyStride * u;
    }

    /** The first key that a query sees. */
    int firstKey(int t) {
      return starts == 0 ? 0 : Lanes.i32(starts + 4L * t);
    }

    /** The first key that any of some queries sees. */
    int firstKey(int first, int count) {
      int key = firstKey(first);
      for (int t = first + 1; t < first + count; t++) {
        key = Math.min(key, firstKey(t));
      }
      return key;
    }

    float scale() {
      return (float) (1 / Math.sqrt(headDim));
    }
  }

  /** A block of queries against a chunk of keys: [count, keys]. */
  private record Chunk(Head head, int first, int count, int key, int keys) {
    /** Where among the keys of the chunk those that a query sees begin. */
    int from(int i) {
      return Math.max(0, head.firstKey(first + i) - key);
    }

    /** Where they end. */
    int to(int i) {
      return Math.min(keys, head.position() + first + i + 1 - key);
    }

    /** The stride of a matrix of probabilities, which in BF16 stand where their F32 stood. */
    int stride() {
      return head.bf16() ? 2 * ROW : ROW;
    }
  }

  /** Bytes of working memory of {@link #forward}. */
  static long forwardBytes(int headDim) {
    return 4L * QUERIES * (ROW + headDim + 2);
  }

  /** Bytes of working memory of {@link #backward}. */
  static long backwardBytes(int headDim) {
    return 4L * QUERIES * (2 * ROW + headDim + 1) + 8L * headDim;
  }

  // ---- forward --------------------------------------------------------------------------------

  /**
   * Queries [first, first + count) of a head, count at most {@link #QUERIES}.
   *
   * @param out address of the output row of query 0
   * @param outStride bytes from an output row to the next
   * @param outBf16 whether outputs are BF16
   * @param logSumExp address of that of query 0, or 0
   * @param scratch working memory
   */
  void forward(
      Head head,
      int first,
      int count,
      long out,
      long outStride,
      boolean outBf16,
      long logSumExp,
      long scratch,
      int worker) {
    int headDim = head.headDim();
    long scores = scratch;
    long result = scores + 4L * QUERIES * ROW;
    long max = result + 4L * QUERIES * headDim;
    long sum = max + 4L * QUERIES;
    ElementKernels.fill(max, count, LOWEST);
    ElementKernels.fill(sum, count, 0);
    int begin = head.firstKey(first, count);
    int end = head.position() + first + count;
    for (int key = begin; key < end; key += KEYS) {
      Chunk chunk = new Chunk(head, first, count, key, Math.min(KEYS, end - key));
      scores(chunk, scores, worker);
      for (int i = 0; i < count; i++) {
        softmax(chunk, i, scores + 4L * ROW * i, max, sum, result + 4L * headDim * i);
      }
      product.multiplyBlock(
          worker,
          count,
          headDim,
          chunk.keys,
          scores,
          chunk.stride(),
          false,
          head.value(key),
          head.keyStride(),
          false,
          head.bf16(),
          result,
          headDim,
          key > begin);
    }
    for (int i = 0; i < count; i++) {
      long row = result + 4L * headDim * i;
      long to = out + outStride * (first + i);
      finish(row, headDim, 1 / Lanes.f32(sum + 4L * i), to, outBf16);
    }
    if (logSumExp != 0) {
      storeLogSumExp(max, sum, count, logSumExp + 4L * first);
    }
  }

  /** Q K', not scaled. */
  private void scores(Chunk chunk, long scores, int worker) {
    Head head = chunk.head;
    product.multiplyBlock(
        worker,
        chunk.count,
        chunk.keys,
        head.headDim(),
        head.query(chunk.first),
        head.queryStride(),
        false,
        head.key(chunk.key),
        head.keyStride(),
        true,
        head.bf16(),
        scores,
        ROW,
        false);
  }

  /**
   * Turns a row of scores into exponentials and keeps the running maximum and sum of the query; the
   * result so far shrinks by as much as the maximum grows.
   */
  private static void softmax(Chunk chunk, int i, long row, long max, long sum, long result) {
    int from = chunk.from(i) / PAIR * PAIR;
    int to = hide(chunk, i, row);
    if (to > from) {
      float scale = chunk.head.scale();
      long seen = row + 4L * from;
      float before = Lanes.f32(max + 4L * i);
      float now = Math.max(before, scale * HeadKernels.max(seen, to - from));
      Exponential.apply(seen, seen, to - from, scale, -now);
      float total = (float) HeadKernels.sum(seen, to - from);
      if (before > LOWEST) {
        float shrink = (float) Math.exp(before - now);
        ElementKernels.scale(result, chunk.head.headDim(), shrink);
        total += shrink * Lanes.f32(sum + 4L * i);
      }
      Lanes.f32(max + 4L * i, now);
      Lanes.f32(sum + 4L * i, total);
    }
    complete(chunk, row, from, to);
  }

  /**
   * Hides keys beside those that a query sees, as far as the pairs of vectors that these lie in.
   * Returns where the last pair ends, which is 0 where the query sees none.
   */
  private static int hide(Chunk chunk, int i, long row) {
    int from = chunk.from(i);
    int to = chunk.to(i);
    if (from >= to) {
      return 0;
    }
    int end = (to + PAIR - 1) / PAIR * PAIR;
    for (int u = from / PAIR * PAIR; u < from; u += WIDTH) {
      hideLanes(row + 4L * u, F32.indexInRange(0, from - u));
    }
    for (int u = to / WIDTH * WIDTH; u < end; u += WIDTH) {
      hideLanes(row + 4L * u, F32.indexInRange(0, to - u).not());
    }
    return end;
  }

  private static void hideLanes(long at, VectorMask<Float> hidden) {
    FloatVector.fromMemorySegment(F32, MEMORY, at, ORDER)
        .blend(Float.NEGATIVE_INFINITY, hidden)
        .intoMemorySegment(MEMORY, at, ORDER);
  }

  /** Zeros for all that is hidden, and the whole row in the type of the products. */
  private static void complete(Chunk chunk, long row, int from, int to) {
    int keys = (chunk.keys + PAIR - 1) / PAIR * PAIR;
    int begin = Math.min(from, keys);
    int end = Math.max(begin, to);
    ElementKernels.fill(row, begin, 0);
    ElementKernels.fill(row + 4L * end, keys - end, 0);
    if (chunk.head.bf16()) {
      ElementKernels.toBf16(row, row, keys);
    }
  }

  private static void finish(long row, int headDim, float factor, long out, boolean bf16) {
    ElementKernels.scale(row, headDim, factor);
    if (bf16) {
      ElementKernels.toBf16(row, out, headDim);
    } else {
      Lanes.copy(row, out, 4L * headDim);
    }
  }

  private static void storeLogSumExp(long max, long sum, int count, long out) {
    for (int i = 0; i < count; i++) {
      double log = Math.log(Lanes.f32(sum + 4L * i));
      Lanes.f32(out + 4L * i, (float) (Lanes.f32(max + 4L * i) + log));
    }
  }

  // ---- one query ------------------------------------------------------------------------------

  /**
   * Bytes of working memory of {@link #decode}, in steps so that a longer cache seldom asks more.
   */
  static long decodeBytes(Head head, int query) {
    return 4096L * ((head.position() + query) / 1024 + 1);
  }

  /**
   * One query in F32 that sees all keys up to its own, without a block, which it would not fill.
   */
  static void decode(Head head, int query, long out, long scratch) {
    int headDim = head.headDim();
    int keys = head.position() + query + 1;
    for (int u = 0; u < keys; u++) {
      Lanes.f32(
          scratch + 4L * u,
          head.scale() * HeadKernels.dot(head.query(query), head.key(u), headDim));
    }
    Exponential.apply(scratch, scratch, keys, 1, -HeadKernels.max(scratch, keys));
    float sum = (float) HeadKernels.sum(scratch, keys);
    long row = 4L * head.keyStride();
    Tiles.multiply(1, headDim, keys, scratch, 0, 4, head.values(), row, out, 0, false);
    ElementKernels.scale(out, headDim, 1 / sum);
  }

  // ---- backward -------------------------------------------------------------------------------

  /**
   * What the gradients of a head are computed from and where they go: addresses of position 0.
   *
   * @param out rows of the output, BF16 where {@code outBf16}
   * @param dOut rows of its gradient, F32
   * @param outStride elements from a row of either to the next
   * @param dQueries rows that are written
   * @param dKeys rows that are added to
   * @param dValues rows that are added to
   */
  record Gradients(
      long out,
      boolean outBf16,
      long dOut,
      int outStride,
      long logSumExp,
      long dQueries,
      int queryStride,
      long dKeys,
      long dValues,
      int keyStride) {}

  /**
   * Adds what queries [first, first + count) contribute to the gradients of keys and values, and
   * writes their own.
   */
  void backward(Head head, Gradients to, int first, int count, long scratch, int worker) {
    int headDim = head.headDim();
    long probabilities = scratch;
    long dScores = probabilities + 4L * QUERIES * ROW;
    long rounded = dScores + 4L * QUERIES * ROW;
    long deltas = rounded + 4L * QUERIES * headDim;
    long dOut = to.dOut() + 4L * to.outStride() * first;
    int dOutStride = to.outStride();
    if (head.bf16()) {
      round(dOut, dOutStride, count, headDim, rounded);
      dOut = rounded;
      dOutStride = headDim;
    }
    deltas(head, to, first, count, dOut, dOutStride, deltas);
    int begin = head.firstKey(first, count);
    int end = head.position() + first + count;
    for (int key = begin; key < end; key += KEYS) {
      Chunk chunk = new Chunk(head, first, count, key, Math.min(KEYS, end - key));
      scores(chunk, probabilities, worker);
      product.multiplyBlock( // dP = dOut V'
          worker,
          count,
          chunk.keys,
          headDim,
          dOut,
          dOutStride,
          false,
          head.value(key),
          head.keyStride(),
          true,
          head.bf16(),
          dScores,
          ROW,
          false);
      for (int i = 0; i < count; i++) {
        float lse = Lanes.f32(to.logSumExp() + 4L * (first + i));
        float delta = Lanes.f32(deltas + 4L * i);
        differentiate(chunk, i, probabilities + 4L * ROW * i, dScores + 4L * ROW * i, lse, delta);
      }
      addTransposed(chunk, probabilities, dOut, dOutStride, to.dValues(), to, worker);
      addTransposed(chunk, dScores, head.query(first), head.queryStride(), to.dKeys(), to, worker);
      product.multiplyBlock( // dQ = dS K
          worker,
          count,
          headDim,
          chunk.keys,
          dScores,
          chunk.stride(),
          false,
          head.key(key),
          head.keyStride(),
          false,
          head.bf16(),
          to.dQueries() + 4L * to.queryStride() * first,
          to.queryStride(),
          key > begin);
    }
  }

  /** Adds the transposed matrix times rows of the queries to rows of the keys. */
  private void addTransposed(
      Chunk chunk, long matrix, long rows, int stride, long out, Gradients to, int worker) {
    product.multiplyBlock(
        worker,
        chunk.keys,
        chunk.head.headDim(),
        chunk.count,
        matrix,
        chunk.stride(),
        true,
        rows,
        stride,
        false,
        chunk.head.bf16(),
        out + 4L * to.keyStride() * chunk.key,
        to.keyStride(),
        true);
  }

  /**
   * Per query dOut . out, of the same rounded numbers as the products take: where one key has it
   * all, dP - delta is then exactly 0.
   */
  private static void deltas(
      Head head, Gradients to, int first, int count, long dOut, int dOutStride, long deltas) {
    int headDim = head.headDim();
    long working = deltas + 4L * QUERIES;
    for (int i = 0; i < count; i++) {
      long outAt = (long) to.outStride() * (first + i);
      long out = inF32(to.out(), outAt, to.outBf16(), headDim, working);
      long gradient =
          inF32(dOut, (long) dOutStride * i, head.bf16(), headDim, working + 4L * headDim);
      Lanes.f32(deltas + 4L * i, HeadKernels.dot(out, gradient, headDim));
    }
  }

  /** The address of a row in F32: where it is, or of a copy of one in BF16. */
  private static long inF32(long rows, long element, boolean bf16, int n, long copy) {
    if (!bf16) {
      return rows + 4L * element;
    }
    ElementKernels.toF32(rows + 2L * element, copy, n);
    return copy;
  }

  private static void round(long rows, int stride, int count, int width, long out) {
    for (int i = 0; i < count; i++) {
      ElementKernels.toBf16(rows + 4L * stride * i, out + 2L * width * i, width);
    }
  }

  /** Scores become probabilities P, their gradients dP become scale * P * (dP - delta). */
  private static void differentiate(
      Chunk chunk, int i, long row, long dRow, float logSumExp, float delta) {
    int from = chunk.from(i) / PAIR * PAIR;
    int to = hide(chunk, i, row);
    if (to > from) {
      float scale = chunk.head.scale();
      long seen = row + 4L * from;
      long dSeen = dRow + 4L * from;
      Exponential.apply(seen, seen, to - from, scale, -logSumExp);
      HeadKernels.weighted(seen, dSeen, dSeen, to - from, delta, scale);
    }
    complete(chunk, row, from, to);
    complete(chunk, dRow, from, to);
  }
}
