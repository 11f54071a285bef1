package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.AttentionKernels.BLOCK;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.cpu.AttentionKernels.Gradients;
import io.kanana.core.tensor.cpu.AttentionKernels.Head;

/** Lays attention out over tensors and threads; {@link AttentionKernels} computes it. */
final class Attention {
  /** New positions per sequence that are not worth a block. */
  private static final int FEW = 8;

  private final Workers workers;
  private final Scratch[] scratch;

  Attention(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  private static int blocks(int time) {
    return (time + BLOCK - 1) / BLOCK;
  }

  /** A part is a block of queries of a head; the longest, at the end of a sequence, go first. */
  void forward(AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    int time = shape.time();
    int blocks = blocks(time);
    long outRow = 4L * shape.outputWidth();
    long to = CpuMemory.address(out);
    long lse = CpuMemory.address(logSumExp);
    long rows = CpuMemory.address(qkv);
    long documents = CpuMemory.address(starts);
    checkStarts(documents, shape);
    workers.run(
        shape.batch() * shape.heads() * blocks,
        (part, worker) -> {
          int head = part % shape.heads();
          int b = part / shape.heads() % shape.batch();
          int first = (blocks - 1 - part / (shape.heads() * shape.batch())) * BLOCK;
          AttentionKernels.forward(
              head(shape, rows, documents, b, head),
              first,
              Math.min(BLOCK, time - first),
              to + (long) b * time * outRow + 4L * head * shape.headDim(),
              outRow,
              lse + 4L * time * (b * shape.heads() + head),
              scratch[worker].bytes(AttentionKernels.forwardBytes(shape.headDim())));
        });
  }

  /** A start after its own position would leave a query without keys. */
  private static void checkStarts(long starts, AttentionShape shape) {
    for (int b = 0; b < shape.batch(); b++) {
      for (int t = 0; t < shape.time(); t++) {
        long at = starts + 4L * (b * shape.time() + t);
        ElementKernels.checkIndices("attention starts", at, 1, 0, t + 1);
      }
    }
  }

  private static Head head(AttentionShape shape, long qkv, long starts, int b, int head) {
    long row = 4L * shape.fusedWidth();
    long sequence = qkv + (long) b * shape.time() * row;
    long size = 4L * shape.headDim();
    int group = head / (shape.heads() / shape.kvHeads());
    long keys = sequence + size * (shape.heads() + group);
    return new Head(
        sequence + size * head,
        row,
        keys,
        keys + size * shape.kvHeads(),
        row,
        shape.headDim(),
        0,
        starts + 4L * b * shape.time());
  }

  /** A part is all of a key head, because its queries add to the same gradients. */
  void backward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv) {
    long documents = CpuMemory.address(starts);
    checkStarts(documents, shape);
    long rows = CpuMemory.address(qkv);
    long dRows = CpuMemory.address(dQkv);
    long outs = CpuMemory.address(out);
    long dOuts = CpuMemory.address(dOut);
    long lse = CpuMemory.address(logSumExp);
    int group = shape.heads() / shape.kvHeads();
    workers.run(
        shape.batch() * shape.kvHeads(),
        (part, worker) -> {
          int b = part / shape.kvHeads();
          int kvHead = part % shape.kvHeads();
          long working = scratch[worker].bytes(AttentionKernels.backwardBytes(shape.headDim()));
          for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            Head source = head(shape, rows, documents, b, head);
            Head target = head(shape, dRows, documents, b, head);
            if (head % group == 0) {
              clear(target, shape.time());
            }
            long at =
                4L
                    * ((long) b * shape.time() * shape.outputWidth()
                        + (long) head * shape.headDim());
            Gradients gradients =
                new Gradients(
                    outs + at,
                    dOuts + at,
                    4L * shape.outputWidth(),
                    lse + 4L * shape.time() * (b * shape.heads() + head),
                    target.queries(),
                    target.keys(),
                    target.values());
            for (int first = 0; first < shape.time(); first += BLOCK) {
              int count = Math.min(BLOCK, shape.time() - first);
              AttentionKernels.backward(source, gradients, first, count, working);
            }
          }
        });
  }

  /** Gradients of keys and values are sums over queries; those of queries are written. */
  private static void clear(Head gradients, int time) {
    for (int t = 0; t < time; t++) {
      long at = t * gradients.keyRow();
      ElementKernels.fill(gradients.keys() + at, gradients.headDim(), 0);
      ElementKernels.fill(gradients.values() + at, gradients.headDim(), 0);
    }
  }

  void cached(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    int capacity = keys.dim(1);
    long counts = CpuMemory.address(lengths);
    ElementKernels.checkIndices(
        "cachedAttention lengths", counts, shape.batch(), 0, capacity - shape.time() + 1);
    Cache cache =
        new Cache(shape, CpuMemory.address(keys), CpuMemory.address(values), capacity, counts);
    long rows = CpuMemory.address(qkv);
    long to = CpuMemory.address(out);
    for (int b = 0; b < shape.batch(); b++) {
      cache.append(b, rows);
    }
    if (shape.time() < FEW) {
      decode(cache, rows, to);
    } else {
      prefill(cache, rows, to);
    }
  }

  /** A part is one new position of one head. */
  private void decode(Cache cache, long rows, long to) {
    AttentionShape shape = cache.shape();
    workers.run(
        shape.tokens() * shape.heads(),
        (part, worker) -> {
          int head = part % shape.heads();
          int token = part / shape.heads();
          int time = token % shape.time();
          Head source = cache.head(token / shape.time(), head, rows);
          long out = to + 4L * (token * (long) shape.outputWidth() + head * (long) shape.headDim());
          long working = scratch[worker].bytes(AttentionKernels.decodeBytes(source, time));
          AttentionKernels.decode(source, time, out, working);
        });
  }

  /** A part is a block of new positions of a head. */
  private void prefill(Cache cache, long rows, long to) {
    AttentionShape shape = cache.shape();
    int blocks = blocks(shape.time());
    long outRow = 4L * shape.outputWidth();
    workers.run(
        shape.batch() * shape.heads() * blocks,
        (part, worker) -> {
          int head = part % shape.heads();
          int b = part / shape.heads() % shape.batch();
          int first = (blocks - 1 - part / (shape.heads() * shape.batch())) * BLOCK;
          AttentionKernels.forward(
              cache.head(b, head, rows),
              first,
              Math.min(BLOCK, shape.time() - first),
              to + (long) b * shape.time() * outRow + 4L * head * shape.headDim(),
              outRow,
              0,
              scratch[worker].bytes(AttentionKernels.forwardBytes(shape.headDim())));
        });
  }

  /** Keys and values of all sequences so far. */
  private record Cache(AttentionShape shape, long keys, long values, int capacity, long lengths) {
    private long row() {
      return 4L * shape.kvHeads() * shape.headDim();
    }

    private int length(int b) {
      return Lanes.i32(lengths + 4L * b);
    }

    void append(int b, long qkv) {
      for (int t = 0; t < shape.time(); t++) {
        long from = qkv + 4L * shape.fusedWidth() * (b * (long) shape.time() + t);
        long at = row() * ((long) b * capacity + length(b) + t);
        long key = from + 4L * shape.outputWidth();
        Lanes.copy(key, keys + at, row());
        Lanes.copy(key + row(), values + at, row());
      }
    }

    Head head(int b, int head, long qkv) {
      long queryRow = 4L * shape.fusedWidth();
      int group = head / (shape.heads() / shape.kvHeads());
      long at = row() * b * capacity + 4L * group * shape.headDim();
      return new Head(
          qkv + (long) b * shape.time() * queryRow + 4L * head * shape.headDim(),
          queryRow,
          keys + at,
          values + at,
          row(),
          shape.headDim(),
          length(b),
          0);
    }
  }
}
