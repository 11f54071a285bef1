package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.block;
import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.freshBlock;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Attention, one head of one sequence at a time. */
final class Nd4jAttention {
  /** Added to a score per position out of reach, so that its exponential is zero. */
  private static final double OUT_OF_REACH = -1e30;

  private final TensorBackend backend;

  Nd4jAttention(TensorBackend backend) {
    this.backend = backend;
  }

  /** Where one head of one sequence stands in the tensors. */
  private record Head(AttentionShape shape, int sequence, int head) {
    private INDArray cut(Tensor fused, int firstHead) {
      long first = (long) sequence * shape.time() * fused.dim(-1);
      long column = (long) firstHead * shape.headDim();
      return block(fused, first + column, shape.time(), shape.headDim()); // [T, D]
    }

    private int kvHead() {
      return head / (shape.heads() / shape.kvHeads());
    }

    private INDArray query(Tensor qkv) {
      return cut(qkv, head);
    }

    private INDArray key(Tensor qkv) {
      return cut(qkv, shape.heads() + kvHead());
    }

    private INDArray value(Tensor qkv) {
      return cut(qkv, shape.heads() + shape.kvHeads() + kvHead());
    }

    private INDArray output(Tensor out) {
      return cut(out, head);
    }

    private INDArray logSumExp(Tensor logSumExp) {
      int row = sequence * shape.heads() + head;
      return column(
          logSumExp.reshape(shape.batch() * shape.heads(), shape.time()).slice(row, row + 1));
    }

    private double scale() {
      return 1 / Math.sqrt(shape.headDim());
    }
  }

  /** What is done for each head, with what is added to the scores of its sequence: [T, T]. */
  private interface HeadTask {
    void run(Head head, INDArray reach);
  }

  private void forEachHead(AttentionShape shape, Tensor starts, HeadTask task) {
    int time = shape.time();
    if (shape.tokens() == 0) {
      return;
    }
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray reach = temporaries.f32(time, time);
      for (int b = 0; b < shape.batch(); b++) {
        reach(temporaries, column(starts.reshape(shape.batch(), time).slice(b, b + 1)), reach);
        for (int h = 0; h < shape.heads(); h++) {
          task.run(new Head(shape, b, h), reach);
        }
      }
    }
  }

  /** Zero where start[t] <= u <= t; the further out of that, the more below zero. */
  private static void reach(Temporaries temporaries, INDArray starts, INDArray out) {
    int time = out.rows();
    INDArray first = temporaries.f32(time, 1);
    INDArray early = temporaries.f32(time, time);
    first.assign(starts);
    Ops.subtract(first, temporaries.range(0, time).reshape(1, time), early);
    Ops.positivePart(early);
    late(temporaries, 0, out);
    Ops.add(out, early, out);
    out.muli(OUT_OF_REACH);
  }

  /** How far u lies behind t, with {@code before} positions in front of the first t. */
  private static void late(Temporaries temporaries, int before, INDArray out) {
    INDArray t = temporaries.range(before, out.rows()).reshape(out.rows(), 1);
    INDArray u = temporaries.range(0, out.columns()).reshape(1, out.columns());
    Ops.subtract(u, t, out);
    Ops.positivePart(out);
  }

  void forward(AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    forEachHead(
        shape,
        starts,
        (head, reach) -> {
          try (Temporaries temporaries = new Temporaries(backend)) {
            INDArray scores = temporaries.f32(shape.time(), shape.time());
            scores.assign(reach);
            Ops.matmul(head.query(qkv), false, head.key(qkv), true, head.scale(), 1, scores);
            INDArray lse = head.logSumExp(logSumExp);
            attend(temporaries, scores, head.value(qkv), head.output(out), lse);
          }
        });
  }

  /** out = softmax(scores) value; lse may be null. */
  private static void attend(
      Temporaries temporaries, INDArray scores, INDArray value, INDArray out, INDArray lse) {
    INDArray max = temporaries.f32(scores.rows(), 1);
    INDArray sum = temporaries.f32(scores.rows(), 1);
    Ops.rowMax(scores, max);
    Ops.subtract(scores, max, scores);
    Ops.exp(scores);
    Ops.sum(scores, 1, sum);
    Ops.matmul(scores, false, value, false, 1, 0, out);
    Ops.divide(out, sum, out);
    if (lse != null) {
      Ops.log(sum, lse);
      Ops.add(lse, max, lse);
    }
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
    int time = shape.time();
    if (dQkv.size() > 0) {
      Cuts.vector(dQkv).assign(0);
    }
    forEachHead(
        shape,
        starts,
        (head, reach) -> {
          try (Temporaries temporaries = new Temporaries(backend)) {
            INDArray p = temporaries.f32(time, time);
            p.assign(reach);
            Ops.matmul(head.query(qkv), false, head.key(qkv), true, head.scale(), 1, p);
            Ops.subtract(p, head.logSumExp(logSumExp), p);
            Ops.exp(p);
            INDArray dO = head.output(dOut);
            Ops.matmul(p, true, dO, false, 1, 1, head.value(dQkv));
            INDArray dS = temporaries.f32(time, time);
            INDArray delta = temporaries.f32(time, 1);
            INDArray product = temporaries.f32(time, shape.headDim());
            Ops.multiply(dO, head.output(out), product);
            Ops.sum(product, 1, delta);
            Ops.matmul(dO, false, head.value(qkv), true, 1, 0, dS);
            Ops.subtract(dS, delta, dS);
            Ops.multiply(dS, p, dS);
            Ops.matmul(dS, false, head.key(qkv), false, head.scale(), 0, head.query(dQkv));
            Ops.matmul(dS, true, head.query(qkv), false, head.scale(), 1, head.key(dQkv));
          }
        });
  }

  void cached(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    int[] before = new int[shape.batch()];
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
    long first = (long) b * keys.dim(1) * keys.dim(2);
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray reach = temporaries.f32(shape.time(), total);
      late(temporaries, before, reach);
      reach.muli(OUT_OF_REACH);
      for (int h = 0; h < shape.heads(); h++) {
        Head head = new Head(shape, b, h);
        long at = first + (long) head.kvHead() * shape.headDim();
        INDArray key = freshBlock(keys, at, total, shape.headDim());
        INDArray value = freshBlock(values, at, total, shape.headDim());
        INDArray scores = temporaries.f32(shape.time(), total);
        scores.assign(reach);
        Ops.matmul(head.query(qkv), false, key, true, head.scale(), 1, scores);
        attend(temporaries, scores, value, head.output(out), null);
      }
    }
  }
}
