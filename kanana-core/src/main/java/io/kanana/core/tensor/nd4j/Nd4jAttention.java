package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.cut;
import static io.kanana.core.tensor.nd4j.Cuts.fresh;
import static io.kanana.core.tensor.nd4j.Cuts.freshBlock;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Attention, a batch of heads of one sequence at a time. */
final class Nd4jAttention {
  /** Scores that are in memory at once, unless one head has more. */
  private static final int SCORES = 1 << 24;

  /** Added to a score per position out of reach, so that its exponential is zero. */
  private static final double OUT_OF_REACH = -1e30;

  private final TensorBackend backend;

  Nd4jAttention(TensorBackend backend) {
    this.backend = backend;
  }

  /**
   * Query heads that read different key heads, one each, as a batch of matrices: of the heads of
   * each key head from {@code firstKv} on, the one with number {@code member}.
   */
  private record Heads(AttentionShape shape, int sequence, int member, int firstKv, int count) {
    private int perKv() {
      return shape.heads() / shape.kvHeads();
    }

    private int firstQuery() {
      return firstKv * perKv() + member;
    }

    private INDArray cutHeads(Tensor x, int first, int step) {
      long offset = (long) sequence * shape.time() * x.dim(-1) + (long) first * shape.headDim();
      return cut(
          x,
          offset,
          new long[] {count, shape.time(), shape.headDim()},
          new long[] {(long) step * shape.headDim(), x.dim(-1), 1});
    }

    /** [count, T, D], also of outputs. */
    private INDArray query(Tensor x) {
      return cutHeads(x, firstQuery(), perKv());
    }

    private INDArray key(Tensor qkv) {
      return cutHeads(qkv, shape.heads() + firstKv, 1);
    }

    private INDArray value(Tensor qkv) {
      return cutHeads(qkv, shape.heads() + shape.kvHeads() + firstKv, 1);
    }

    /** [count, T, 1]. */
    private INDArray logSumExp(Tensor logSumExp) {
      return cut(
          logSumExp,
          ((long) sequence * shape.heads() + firstQuery()) * shape.time(),
          new long[] {count, shape.time(), 1},
          new long[] {(long) perKv() * shape.time(), 1, 1});
    }

    /** Keys or values in a cache: [count, total, D]. */
    private INDArray cached(Tensor cache, int total) {
      long row = cache.dim(2);
      return fresh(
          cache,
          (long) sequence * cache.dim(1) * row + (long) firstKv * shape.headDim(),
          new long[] {count, total, shape.headDim()},
          new long[] {shape.headDim(), row, 1});
    }

    private double scale() {
      return 1 / Math.sqrt(shape.headDim());
    }
  }

  private interface HeadsTask {
    void run(Heads heads, Temporaries temporaries);
  }

  private void forEachBatch(AttentionShape shape, int sequence, int positions, HeadsTask task) {
    int most = (int) Math.max(1, SCORES / ((long) shape.time() * positions));
    for (int member = 0; member < shape.heads() / shape.kvHeads(); member++) {
      for (int kv = 0; kv < shape.kvHeads(); kv += most) {
        try (Temporaries temporaries = new Temporaries(backend)) {
          int count = Math.min(most, shape.kvHeads() - kv);
          task.run(new Heads(shape, sequence, member, kv, count), temporaries);
        }
      }
    }
  }

  /** Zero where start[t] <= u <= t, and far below zero elsewhere: [T, T]. */
  private static INDArray reach(Temporaries temporaries, INDArray starts) {
    int time = starts.rows();
    INDArray first = temporaries.f32(time, 1);
    INDArray early = temporaries.f32(time, time);
    first.assign(starts);
    Ops.subtract(first, temporaries.range(0, time).reshape(1, time), early);
    Ops.positivePart(early);
    early.muli(OUT_OF_REACH);
    INDArray reach = reach(temporaries, 0, time, time);
    Ops.add(reach, early, reach);
    return reach;
  }

  /** Zero where u <= before + t, and far below zero elsewhere: [T, total]. */
  private static INDArray reach(Temporaries temporaries, int before, int time, int total) {
    INDArray t = temporaries.range(before, time).reshape(time, 1);
    INDArray u = temporaries.range(0, total).reshape(1, total);
    INDArray reach = temporaries.f32(time, total);
    Ops.subtract(u, t, reach);
    Ops.positivePart(reach);
    reach.muli(OUT_OF_REACH);
    return reach;
  }

  private static INDArray scores(
      Heads heads, Temporaries temporaries, INDArray query, INDArray key, INDArray reach) {
    INDArray scores = temporaries.f32(heads.count(), reach.rows(), reach.columns());
    Ops.matmul(query, false, key, true, heads.scale(), 0, scores);
    Ops.add(scores, reach, scores);
    return scores;
  }

  void forward(AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    Indices.checkStarts(backend, starts, shape.time());
    forEachSequence(
        shape,
        starts,
        (b, reach) ->
            forEachBatch(
                shape,
                b,
                shape.time(),
                (heads, temporaries) -> {
                  INDArray query = heads.query(qkv);
                  INDArray scores = scores(heads, temporaries, query, heads.key(qkv), reach);
                  INDArray lse = heads.logSumExp(logSumExp);
                  attend(temporaries, scores, heads.value(qkv), heads.query(out), lse);
                }));
  }

  private interface SequenceTask {
    void run(int sequence, INDArray reach);
  }

  private void forEachSequence(AttentionShape shape, Tensor starts, SequenceTask task) {
    if (shape.tokens() == 0) {
      return;
    }
    Tensor rows = starts.reshape(shape.batch(), shape.time());
    for (int b = 0; b < shape.batch(); b++) {
      try (Temporaries temporaries = new Temporaries(backend)) {
        task.run(b, reach(temporaries, column(rows.slice(b, b + 1))));
      }
    }
  }

  /**
   * out = softmax(scores) value; takes the scores apart, and puts log-sum-exps into {@code lse}.
   */
  private static void attend(
      Temporaries temporaries, INDArray scores, INDArray value, INDArray out, INDArray lse) {
    INDArray max = temporaries.f32((int) scores.size(0), (int) scores.size(1), 1);
    Ops.max(scores, 2, max);
    Ops.subtract(scores, max, scores);
    Ops.exp(scores);
    Ops.sum(scores, 2, lse);
    Ops.matmul(scores, false, value, false, 1, 0, out);
    Ops.divide(out, lse, out);
    Ops.log(lse, lse);
    Ops.add(lse, max, lse);
  }

  /**
   * With P the probabilities: dV = P' dOut, dS = P (dOut V' - dOut . out), dQ = dS K, dK = dS' Q.
   */
  void backward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv) {
    Indices.checkStarts(backend, starts, shape.time());
    if (dQkv.size() > 0) {
      Cuts.vector(dQkv).assign(0);
    }
    forEachSequence(
        shape,
        starts,
        (b, reach) ->
            forEachBatch(
                shape,
                b,
                shape.time(),
                (heads, temporaries) -> {
                  INDArray p = scores(heads, temporaries, heads.query(qkv), heads.key(qkv), reach);
                  Ops.subtract(p, heads.logSumExp(logSumExp), p);
                  Ops.exp(p);
                  INDArray dO = heads.query(dOut);
                  Ops.matmul(p, true, dO, false, 1, 1, heads.value(dQkv));
                  INDArray delta = delta(heads, temporaries, dO, heads.query(out));
                  INDArray dS = temporaries.f32(heads.count(), shape.time(), shape.time());
                  Ops.matmul(dO, false, heads.value(qkv), true, 1, 0, dS);
                  Ops.subtract(dS, delta, dS);
                  Ops.multiply(dS, p, dS);
                  double scale = heads.scale();
                  Ops.matmul(dS, false, heads.key(qkv), false, scale, 0, heads.query(dQkv));
                  Ops.matmul(dS, true, heads.query(qkv), false, scale, 1, heads.key(dQkv));
                }));
  }

  /** dOut . out: [count, T, 1]. */
  private static INDArray delta(Heads heads, Temporaries temporaries, INDArray dOut, INDArray out) {
    AttentionShape shape = heads.shape();
    INDArray product = temporaries.f32(heads.count(), shape.time(), shape.headDim());
    INDArray delta = temporaries.f32(heads.count(), shape.time(), 1);
    Ops.multiply(dOut, out, product);
    Ops.sum(product, 2, delta);
    return delta;
  }

  void cached(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    int[] before = new int[shape.batch()];
    Indices.check(backend, "cachedAttention", lengths, 0, keys.dim(1) - shape.time() + 1);
    backend.read(lengths, before);
    int firstKey = shape.heads() * shape.headDim();
    int width = shape.kvHeads() * shape.headDim();
    for (int b = 0; b < shape.batch(); b++) {
      store(shape, b, qkv, firstKey, keys, before[b]);
      store(shape, b, qkv, firstKey + width, values, before[b]);
      attendCache(shape, b, qkv, keys, values, before[b], out);
    }
  }

  private static void store(
      AttentionShape shape, int b, Tensor qkv, int column, Tensor cache, int before) {
    int width = cache.dim(2);
    long at = ((long) b * cache.dim(1) + before) * width;
    long from = (long) b * shape.time() * qkv.dim(-1) + column;
    freshBlock(cache, at, shape.time(), width).assign(freshBlock(qkv, from, shape.time(), width));
  }

  private void attendCache(
      AttentionShape shape, int b, Tensor qkv, Tensor keys, Tensor values, int before, Tensor out) {
    int total = before + shape.time();
    try (Temporaries shared = new Temporaries(backend)) {
      INDArray reach = reach(shared, before, shape.time(), total);
      forEachBatch(
          shape,
          b,
          total,
          (heads, temporaries) -> {
            INDArray key = heads.cached(keys, total);
            INDArray scores = scores(heads, temporaries, heads.query(qkv), key, reach);
            INDArray lse = temporaries.f32(heads.count(), shape.time(), 1);
            attend(temporaries, scores, heads.cached(values, total), heads.query(out), lse);
          });
    }
  }
}
