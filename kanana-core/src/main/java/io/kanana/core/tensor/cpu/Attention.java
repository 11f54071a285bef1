package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.cpu.AttentionKernels.Gradients;
import io.kanana.core.tensor.cpu.AttentionKernels.Head;

/** Lays attention out over tensors and threads; {@link AttentionKernels} computes it. */
final class Attention {
  private static final int QUERIES = AttentionKernels.QUERIES;

  /** New positions per sequence that are not worth a block. */
  private static final int FEW = 8;

  /** Parts of the forward pass that are wanted, so that threads finish at about the same time. */
  private static final int PARTS_OF_A_THREAD = 8;

  /** Parts of the backward pass, whose sums must not depend on the number of threads. */
  private static final int PARTS = 16;

  private final Workers workers;
  private final Scratch[] scratch;
  private final Scratch partials;
  private final AttentionKernels kernels;

  Attention(Workers workers, MatrixProduct product, Scratch partials, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
    this.partials = partials;
    this.kernels = new AttentionKernels(product);
  }

  private static int blocks(int time) {
    return (time + QUERIES - 1) / QUERIES;
  }

  // ---- whole sequences ------------------------------------------------------------------------

  void forward(AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    checkStarts(CpuMemory.address(starts), shape);
    long lse = CpuMemory.address(logSumExp);
    forward(shape, out, lse, (b, head) -> head(shape, qkv, CpuMemory.address(starts), b, head));
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

  private interface Heads {
    Head head(int b, int head);
  }

  /**
   * A part is a range of queries of a head, so that keys and values stay in a cache from block to
   * block; those at the end of a sequence, which may see most, go first.
   */
  private void forward(AttentionShape shape, Tensor out, long logSumExp, Heads heads) {
    int time = shape.time();
    int groups = shape.batch() * shape.heads();
    Ranges ranges = Ranges.of(PARTS_OF_A_THREAD * workers.count(), groups, blocks(time));
    boolean bf16 = out.dtype() == DType.BF16;
    long element = out.dtype().bytes();
    long outRow = element * shape.outputWidth();
    long to = CpuMemory.address(out);
    workers.run(
        groups * ranges.count(),
        (part, worker) -> {
          int head = part % shape.heads();
          int b = part % groups / shape.heads();
          int range = ranges.count() - 1 - part / groups;
          Head source = heads.head(b, head);
          long rows = to + (long) b * time * outRow + element * head * shape.headDim();
          long sums = logSumExp == 0 ? 0 : logSumExp + 4L * time * (b * shape.heads() + head);
          long working = scratch[worker].bytes(AttentionKernels.forwardBytes(shape.headDim()));
          int end = Math.min(time, ranges.begin(range + 1) * QUERIES);
          for (int first = ranges.begin(range) * QUERIES; first < end; first += QUERIES) {
            int count = Math.min(QUERIES, end - first);
            kernels.forward(source, first, count, rows, outRow, bf16, sums, working, worker);
          }
        });
  }

  /**
   * Blocks of queries in ranges.
   *
   * @param count of the ranges
   */
  private record Ranges(int count, int blocks) {
    /**
     * So many that those of all groups are as many parts as are wanted, if there are the blocks.
     */
    static Ranges of(int parts, int groups, int blocks) {
      int each = (parts + groups - 1) / Math.max(1, groups);
      return new Ranges(Math.clamp(each, 1, Math.max(1, blocks)), blocks);
    }

    /** The block where a range begins that has as many as the others. */
    int begin(int range) {
      return (int) ((long) blocks * range / count);
    }

    /** That of a range of as much work: under a causal mask work grows with the square. */
    int beginOfWork(int range) {
      return (int) Math.round(blocks * Math.sqrt((double) range / count));
    }
  }

  private static Head head(AttentionShape shape, Tensor qkv, long starts, int b, int head) {
    long element = qkv.dtype().bytes();
    int stride = shape.fusedWidth();
    long sequence = CpuMemory.address(qkv) + element * stride * b * shape.time();
    long size = element * shape.headDim();
    int group = head / (shape.heads() / shape.kvHeads());
    long keys = sequence + size * (shape.heads() + group);
    return new Head(
        sequence + size * head,
        stride,
        keys,
        keys + size * shape.kvHeads(),
        stride,
        shape.headDim(),
        qkv.dtype() == DType.BF16,
        0,
        starts + 4L * b * shape.time());
  }

  // ---- gradients ------------------------------------------------------------------------------

  /**
   * A part is a range of queries for all the heads of a key head. Those of the first range add to
   * the gradients of keys and values in place, those of others in memory of their own, which is
   * added in the end: the parts, and so the order of sums, follow from the shape.
   */
  void backward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv) {
    checkStarts(CpuMemory.address(starts), shape);
    Backward backward = new Backward(shape, dOut, qkv, starts, out, logSumExp, dQkv);
    int groups = shape.batch() * shape.kvHeads();
    int ranges = backward.ranges.count();
    long sums = partials.bytes((ranges - 1L) * groups * backward.partialBytes());
    workers.run(
        groups * ranges,
        (part, worker) -> {
          int range = ranges - 1 - part / groups;
          int group = part % groups;
          long own = sums + ((range - 1L) * groups + group) * backward.partialBytes();
          backward.run(group, range, range == 0 ? 0 : own, worker);
        });
    workers.run(
        groups,
        (group, worker) -> {
          for (int range = 1; range < ranges; range++) {
            backward.addPartial(
                group, sums + ((range - 1L) * groups + group) * backward.partialBytes());
          }
        });
  }

  private final class Backward {
    private final AttentionShape shape;
    private final Tensor dOut;
    private final Tensor qkv;
    private final long starts;
    private final Tensor out;
    private final long logSumExp;
    private final Tensor dQkv;
    private final Ranges ranges;

    Backward(
        AttentionShape shape,
        Tensor dOut,
        Tensor qkv,
        Tensor starts,
        Tensor out,
        Tensor logSumExp,
        Tensor dQkv) {
      this.shape = shape;
      this.dOut = dOut;
      this.qkv = qkv;
      this.starts = CpuMemory.address(starts);
      this.out = out;
      this.logSumExp = CpuMemory.address(logSumExp);
      this.dQkv = dQkv;
      this.ranges = Ranges.of(PARTS, shape.batch() * shape.kvHeads(), blocks(shape.time()));
    }

    /** Of the gradients of keys, then of values: [T, D] each. */
    long partialBytes() {
      return 8L * shape.time() * shape.headDim();
    }

    void run(int group, int range, long partial, int worker) {
      int b = group / shape.kvHeads();
      int heads = shape.heads() / shape.kvHeads();
      int firstHead = group % shape.kvHeads() * heads;
      long working = scratch[worker].bytes(AttentionKernels.backwardBytes(shape.headDim()));
      clear(b, firstHead, partial);
      for (int head = firstHead; head < firstHead + heads; head++) {
        Head source = head(shape, qkv, starts, b, head);
        Gradients gradients = gradients(b, head, partial);
        for (int block = ranges.beginOfWork(range);
            block < ranges.beginOfWork(range + 1);
            block++) {
          int first = block * QUERIES;
          int count = Math.min(QUERIES, shape.time() - first);
          kernels.backward(source, gradients, first, count, working, worker);
        }
      }
    }

    private Gradients gradients(int b, int head, long partial) {
      Head target = head(shape, dQkv, starts, b, head);
      long at = (long) b * shape.time() * shape.outputWidth() + (long) head * shape.headDim();
      boolean own = partial != 0;
      return new Gradients(
          CpuMemory.address(out) + out.dtype().bytes() * at,
          out.dtype() == DType.BF16,
          CpuMemory.address(dOut) + 4L * at,
          shape.outputWidth(),
          logSumExp + 4L * shape.time() * (b * shape.heads() + head),
          target.queries(),
          target.queryStride(),
          own ? partial : target.keys(),
          own ? partial + partialBytes() / 2 : target.values(),
          own ? shape.headDim() : target.keyStride());
    }

    private void clear(int b, int head, long partial) {
      if (partial != 0) {
        Lanes.zero(partial, partialBytes());
        return;
      }
      Head target = head(shape, dQkv, starts, b, head);
      for (int t = 0; t < shape.time(); t++) {
        Lanes.zero(target.key(t), 4L * shape.headDim());
        Lanes.zero(target.value(t), 4L * shape.headDim());
      }
    }

    void addPartial(int group, long partial) {
      int heads = shape.heads() / shape.kvHeads();
      Head target =
          head(shape, dQkv, starts, group / shape.kvHeads(), group % shape.kvHeads() * heads);
      long row = 4L * shape.headDim();
      for (int t = 0; t < shape.time(); t++) {
        ElementKernels.add(partial + row * t, target.key(t), shape.headDim());
        ElementKernels.add(
            partial + partialBytes() / 2 + row * t, target.value(t), shape.headDim());
      }
    }
  }

  // ---- new positions of cached sequences ------------------------------------------------------

  void cached(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    int capacity = keys.dim(1);
    long counts = CpuMemory.address(lengths);
    ElementKernels.checkIndices(
        "cachedAttention lengths", counts, shape.batch(), 0, capacity - shape.time() + 1);
    Cache cache =
        new Cache(shape, CpuMemory.address(keys), CpuMemory.address(values), capacity, counts);
    long rows = CpuMemory.address(qkv);
    for (int b = 0; b < shape.batch(); b++) {
      cache.append(b, rows);
    }
    if (shape.time() < FEW) {
      decode(cache, rows, CpuMemory.address(out));
    } else {
      forward(shape, out, 0, (b, head) -> cache.head(b, head, rows));
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

  /** Keys and values of all sequences so far, in F32. */
  private record Cache(AttentionShape shape, long keys, long values, int capacity, long lengths) {
    private int width() {
      return shape.kvHeads() * shape.headDim();
    }

    private int length(int b) {
      return Lanes.i32(lengths + 4L * b);
    }

    void append(int b, long qkv) {
      long row = 4L * width();
      for (int t = 0; t < shape.time(); t++) {
        long from = qkv + 4L * shape.fusedWidth() * (b * (long) shape.time() + t);
        long at = row * ((long) b * capacity + length(b) + t);
        long key = from + 4L * shape.outputWidth();
        Lanes.copy(key, keys + at, row);
        Lanes.copy(key + row, values + at, row);
      }
    }

    Head head(int b, int head, long qkv) {
      int group = head / (shape.heads() / shape.kvHeads());
      long at = 4L * width() * b * capacity + 4L * group * shape.headDim();
      long sequence = qkv + 4L * shape.fusedWidth() * b * shape.time();
      return new Head(
          sequence + 4L * head * shape.headDim(),
          shape.fusedWidth(),
          keys + at,
          values + at,
          width(),
          shape.headDim(),
          false,
          length(b),
          0);
    }
  }
}
