package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Tensor;

/**
 * Linear heads with their losses: a chunk of rows at a time, so that logits [N, V] never exist at
 * once. Chunks depend on shapes only.
 */
final class Heads {
  /** Bytes of logits of a chunk, unless that is under {@link #MIN_ROWS} rows. */
  private static final long CHUNK_BYTES = 64L << 20;

  private static final int MIN_ROWS = 128;
  private static final int MAX_ROWS = 1024;

  private final Workers workers;
  private final MatrixProduct product;
  private final Scratch logitsBlock;
  private final Scratch teacherBlock;
  private final Scratch sumsBlock;

  Heads(Workers workers, MatrixProduct product, CpuMemory memory) {
    this.workers = workers;
    this.product = product;
    this.logitsBlock = new Scratch(memory);
    this.teacherBlock = new Scratch(memory);
    this.sumsBlock = new Scratch(memory);
  }

  void close() {
    logitsBlock.close();
    teacherBlock.close();
    sumsBlock.close();
  }

  /** A head: weight [V, C] on hidden [N, C]. */
  record Linear(long hidden, long weight, int rows, int width, int vocabulary, boolean bf16) {
    static Linear of(Tensor hidden, Tensor weight) {
      return new Linear(
          CpuMemory.address(hidden),
          CpuMemory.address(weight),
          hidden.rows(),
          weight.dim(1),
          weight.dim(0),
          hidden.dtype() == DType.BF16);
    }

    long hidden(int row) {
      return hidden + (bf16 ? 2L : 4L) * width * row;
    }

    int chunk() {
      long fitting = CHUNK_BYTES / (4L * Math.max(1, vocabulary));
      return Math.clamp(fitting, MIN_ROWS, MAX_ROWS);
    }
  }

  /** Takes the loss of a row and turns its logits into their gradient. */
  interface RowLoss {
    void apply(int row, long logits, long teacherLogits, int worker);
  }

  private void forward(Linear head, int row, int rows, long logits) {
    product.multiply(
        rows,
        head.vocabulary,
        head.width,
        head.hidden(row),
        head.width,
        false,
        head.weight,
        head.width,
        true,
        head.bf16,
        logits,
        head.vocabulary,
        false);
  }

  /** In BF16 the gradient of a row of logits stands at the beginning of where its F32 stood. */
  private void backward(Linear head, int row, int rows, long dLogits, long dHidden, long dWeight) {
    int stride = head.bf16 ? 2 * head.vocabulary : head.vocabulary;
    product.multiply(
        rows,
        head.width,
        head.vocabulary,
        dLogits,
        stride,
        false,
        head.weight,
        head.width,
        false,
        head.bf16,
        dHidden + 4L * head.width * row,
        head.width,
        false);
    if (dWeight == 0) {
      return;
    }
    product.multiply(
        head.vocabulary,
        head.width,
        rows,
        dLogits,
        stride,
        true,
        head.hidden(row),
        head.width,
        false,
        head.bf16,
        dWeight,
        head.width,
        true);
  }

  /**
   * Runs a loss over all rows, chunk by chunk; dHidden 0 for no gradients, dWeight 0 for none of
   * that.
   */
  void run(Linear head, Linear teacher, RowLoss loss, long dHidden, long dWeight) {
    int chunk = Math.min(head.chunk(), head.rows);
    long bytes = 4L * chunk * head.vocabulary;
    for (int first = 0; first < head.rows; first += chunk) {
      int start = first;
      int rows = Math.min(chunk, head.rows - first);
      long logits = logitsBlock.bytes(bytes);
      forward(head, first, rows, logits);
      long teacherLogits = teacher == null ? 0 : teacherBlock.bytes(bytes);
      if (teacher != null) {
        forward(teacher, first, rows, teacherLogits);
      }
      long stride = 4L * head.vocabulary;
      boolean rounded = dHidden != 0 && head.bf16;
      workers.run(
          rows,
          (row, worker) -> {
            long at = logits + row * stride;
            loss.apply(start + row, at, teacherLogits + row * stride, worker);
            if (rounded) {
              ElementKernels.toBf16(at, at, head.vocabulary);
            }
          });
      if (dHidden != 0) {
        backward(head, first, rows, logits, dHidden, dWeight);
      }
    }
  }

  static long addressOrZero(Tensor tensor) {
    return tensor == null ? 0 : CpuMemory.address(tensor);
  }

  static void addSum(long values, int count, long stride, long out) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Lanes.f64(values + i * stride);
    }
    Lanes.f64(out, Lanes.f64(out) + sum);
  }

  static long targets(String operation, Tensor targets, int vocabulary) {
    long address = CpuMemory.address(targets);
    int count = Math.toIntExact(targets.size());
    ElementKernels.checkIndices(operation, address, count, Kernels.IGNORED, vocabulary);
    return address;
  }

  void crossEntropy(
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      double scale,
      double zLoss,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    Linear head = Linear.of(hidden, weight);
    long labels = targets("linearCrossEntropy", targets, head.vocabulary);
    long terms = sumsBlock.bytes(16L * head.rows);
    RowLoss loss =
        (row, logits, teacher, worker) ->
            crossEntropyRow(
                logits,
                head.vocabulary,
                Lanes.i32(labels + 4L * row),
                scale,
                zLoss,
                terms + 16L * row);
    run(head, null, loss, addressOrZero(dHidden), addressOrZero(dWeight));
    addSum(terms, head.rows, 16, CpuMemory.address(sums));
    addSum(terms + 8, head.rows, 16, CpuMemory.address(sums) + 8);
  }

  private static void crossEntropyRow(
      long logits, int vocabulary, int target, double scale, double zLoss, long terms) {
    if (target == Kernels.IGNORED) {
      Lanes.f64(terms, 0);
      Lanes.f64(terms + 8, 0);
      Lanes.zero(logits, 4L * vocabulary);
      return;
    }
    float own = Lanes.f32(logits + 4L * target);
    float max = HeadKernels.max(logits, vocabulary);
    Exponential.apply(logits, logits, vocabulary, 1, -max);
    double sum = HeadKernels.sum(logits, vocabulary);
    double logSumExp = max + Math.log(sum);
    Lanes.f64(terms, logSumExp - own);
    Lanes.f64(terms + 8, logSumExp * logSumExp);
    double slope = scale * (1 + 2 * zLoss * logSumExp) / sum;
    ElementKernels.scale(logits, vocabulary, (float) slope);
    long at = logits + 4L * target;
    Lanes.f32(at, (float) (Lanes.f32(at) - scale));
  }

  void logProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    Linear head = Linear.of(hidden, weight);
    long labels = targets("linearLogProbabilities", targets, head.vocabulary);
    long to = CpuMemory.address(out);
    long lse = CpuMemory.address(logSumExp);
    RowLoss loss =
        (row, logits, teacher, worker) -> {
          int target = Lanes.i32(labels + 4L * row);
          boolean ignored = target == Kernels.IGNORED;
          float own = ignored ? 0 : Lanes.f32(logits + 4L * target);
          double log = HeadKernels.logSumExp(logits, logits, head.vocabulary, 1);
          Lanes.f32(lse + 4L * row, (float) log);
          Lanes.f32(to + 4L * row, ignored ? 0 : (float) (own - log));
        };
    run(head, null, loss, 0, 0);
  }

  void logProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight) {
    Linear head = Linear.of(hidden, weight);
    long labels = targets("linearLogProbabilitiesBackward", targets, head.vocabulary);
    long slopes = CpuMemory.address(dOut);
    long lse = CpuMemory.address(logSumExp);
    RowLoss loss =
        (row, logits, teacher, worker) -> {
          int target = Lanes.i32(labels + 4L * row);
          float slope = target == Kernels.IGNORED ? 0 : Lanes.f32(slopes + 4L * row);
          Exponential.apply(logits, logits, head.vocabulary, 1, -Lanes.f32(lse + 4L * row));
          ElementKernels.scale(logits, head.vocabulary, -slope);
          if (target != Kernels.IGNORED) {
            long at = logits + 4L * target;
            Lanes.f32(at, Lanes.f32(at) + slope);
          }
        };
    run(head, null, loss, CpuMemory.address(dHidden), addressOrZero(dWeight));
  }
}
