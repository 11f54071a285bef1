package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.matrix;
import static io.kanana.core.tensor.nd4j.Cuts.vector;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Linear heads with their losses, a chunk of rows at a time. */
final class Nd4jHeads {
  /** Logits of a chunk. */
  private static final int CHUNK = 1 << 22;

  private final TensorBackend backend;

  Nd4jHeads(TensorBackend backend) {
    this.backend = backend;
  }

  /** Some rows of a head, with what they need on the way. */
  private record Chunk(Temporaries temporaries, int first, int last, int vocabulary) {
    private int rows() {
      return last - first;
    }

    private Tensor of(Tensor tensor) {
      return tensor.reshape(tensor.rows(), tensor.dim(-1)).slice(first, last);
    }

    /** Of a tensor with one element a row. */
    private Tensor ofColumn(Tensor tensor) {
      return tensor.reshape(Math.toIntExact(tensor.size())).slice(first, last);
    }

    private INDArray wide() {
      return temporaries.f32(rows(), vocabulary);
    }

    private INDArray narrow() {
      return temporaries.f32(rows(), 1);
    }

    /** [rows, V]. */
    private INDArray logits(INDArray hidden, INDArray weight) {
      INDArray logits = wide();
      Ops.matmul(hidden, false, weight, true, 1, 0, logits);
      return logits;
    }

    /** [rows, V]; no 1 in the row of an ignored target. */
    private INDArray oneHot(Tensor targets) {
      INDArray oneHot = wide();
      Ops.oneHot(vector(ofColumn(targets)), vocabulary, oneHot);
      return oneHot;
    }

    /** 1 for a target, 0 for {@link io.kanana.core.tensor.Kernels#IGNORED}: min(target + 1, 1). */
    private INDArray counted(Tensor targets) {
      INDArray counted = narrow();
      counted.assign(column(ofColumn(targets)));
      counted.muli(-1); // 1 - max(0, -target)
      Ops.positivePart(counted);
      counted.rsubi(1);
      return counted;
    }

    /** The sum of the products of each row. */
    private INDArray rowDots(INDArray a, INDArray b, INDArray product) {
      INDArray dots = narrow();
      Ops.multiply(a, b, product);
      Ops.sum(product, 1, dots);
      return dots;
    }

    /** Turns logits into log-probabilities and gives what it took off each row. */
    private INDArray logSoftmax(INDArray logits) {
      INDArray lse = narrow();
      INDArray max = narrow();
      INDArray sum = narrow();
      INDArray exponentials = wide();
      Ops.max(logits, 1, max);
      Ops.subtract(logits, max, logits);
      exponentials.assign(logits);
      Ops.exp(exponentials);
      Ops.sum(exponentials, 1, sum);
      Ops.log(sum, lse);
      Ops.subtract(logits, lse, logits);
      Ops.add(lse, max, lse);
      return lse;
    }

    private INDArray exp(INDArray logs) {
      INDArray values = wide();
      values.assign(logs);
      Ops.exp(values);
      return values;
    }

    /** Adds the sum of a column to {@code sums[index]}. */
    private void addSum(INDArray terms, Tensor sums, int index) {
      Tensor wide = temporaries.tensor(DType.F64, rows());
      Tensor total = temporaries.tensor(DType.F64, 1);
      column(wide).assign(terms);
      Ops.sum(vector(wide), 0, vector(total));
      INDArray sum = vector(sums.slice(index, index + 1));
      Ops.add(sum, vector(total), sum);
    }

    /** dHidden = dLogits W, dWeight += dLogits' hidden. */
    private void backward(
        INDArray dLogits, INDArray hidden, INDArray weight, Tensor dHidden, Tensor dWeight) {
      Ops.matmul(dLogits, false, weight, false, 1, 0, matrix(of(dHidden)));
      if (dWeight != null) {
        Ops.matmul(dLogits, true, hidden, false, 1, 1, matrix(dWeight));
      }
    }
  }

  private interface ChunkTask {
    void run(Chunk chunk);
  }

  private void forEachChunk(Tensor hidden, Tensor weight, ChunkTask task) {
    int vocabulary = weight.dim(0);
    int rows = Math.max(1, CHUNK / vocabulary);
    for (int first = 0; first < hidden.rows(); first += rows) {
      try (Temporaries temporaries = new Temporaries(backend)) {
        int last = Math.min(hidden.rows(), first + rows);
        task.run(new Chunk(temporaries, first, last, vocabulary));
      }
    }
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
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      forEachChunk(
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray logs = chunk.logits(h, w);
            INDArray lse = chunk.logSoftmax(logs);
            INDArray oneHot = chunk.oneHot(targets);
            INDArray counted = chunk.counted(targets);
            INDArray own = chunk.rowDots(logs, oneHot, chunk.wide());
            chunk.addSum(own.negi(), sums, 0);
            INDArray squares = chunk.narrow();
            Ops.multiply(lse, lse, squares);
            Ops.multiply(squares, counted, squares);
            chunk.addSum(squares, sums, 1);
            if (dHidden != null) {
              // scale * (p (1 + 2 zLoss lse) - 1 at the target)
              lse.muli(2 * zLoss * scale).addi(scale);
              Ops.multiply(lse, counted, lse);
              oneHot.muli(scale);
              Ops.exp(logs);
              Ops.multiply(logs, lse, logs);
              Ops.subtract(logs, oneHot, logs);
              chunk.backward(logs, h, w, dHidden, dWeight);
            }
          });
    }
  }

  void divergence(
      Divergence divergence,
      Tensor hidden,
      Tensor weight,
      Tensor teacherHidden,
      Tensor teacherWeight,
      Tensor targets,
      double temperature,
      double scale,
      Tensor sum,
      Tensor dHidden,
      Tensor dWeight) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      INDArray teacherW = temporaries.f32(teacherWeight);
      forEachChunk(
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray teacherH = chunk.temporaries().f32(chunk.of(teacherHidden));
            INDArray student = chunk.logits(h, w).divi(temperature);
            INDArray teacher = chunk.logits(teacherH, teacherW).divi(temperature);
            INDArray _ = chunk.logSoftmax(student);
            INDArray _ = chunk.logSoftmax(teacher);
            INDArray counted = chunk.counted(targets);
            boolean forward = divergence == Divergence.FORWARD;
            INDArray slopes =
                forward
                    ? forward(chunk, student, teacher, counted, sum)
                    : reverse(chunk, student, teacher, counted, sum);
            if (dHidden != null) {
              Ops.multiply(slopes, counted, slopes);
              slopes.muli(scale / temperature);
              chunk.backward(slopes, h, w, dHidden, dWeight);
            }
          });
    }
  }

  /** Adds KL(teacher || student) and gives its gradient by the logits: q - p. */
  private static INDArray forward(
      Chunk chunk, INDArray student, INDArray teacher, INDArray counted, Tensor sum) {
    INDArray p = chunk.exp(teacher);
    Ops.subtract(teacher, student, teacher);
    INDArray kl = chunk.rowDots(p, teacher, teacher);
    Ops.multiply(kl, counted, kl);
    chunk.addSum(kl, sum, 0);
    Ops.exp(student);
    Ops.subtract(student, p, student);
    return student;
  }

  /** Adds KL(student || teacher) and gives its gradient by the logits: q (log q - log p - KL). */
  private static INDArray reverse(
      Chunk chunk, INDArray student, INDArray teacher, INDArray counted, Tensor sum) {
    INDArray q = chunk.exp(student);
    Ops.subtract(student, teacher, student);
    INDArray kl = chunk.rowDots(q, student, teacher);
    Ops.subtract(student, kl, student);
    Ops.multiply(student, q, student);
    Ops.multiply(kl, counted, kl);
    chunk.addSum(kl, sum, 0);
    return student;
  }

  void logProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      forEachChunk(
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray logs = chunk.logits(h, w);
            column(chunk.ofColumn(logSumExp)).assign(chunk.logSoftmax(logs));
            INDArray own = chunk.rowDots(logs, chunk.oneHot(targets), logs);
            column(chunk.ofColumn(out)).assign(own);
          });
    }
  }

  /** dLogits = dOut (1 at the target - p). */
  void logProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      forEachChunk(
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray p = chunk.logits(h, w);
            Ops.subtract(p, column(chunk.ofColumn(logSumExp)), p);
            Ops.exp(p);
            INDArray slopes = chunk.oneHot(targets);
            Ops.subtract(slopes, p, slopes);
            INDArray upstream = chunk.counted(targets);
            Ops.multiply(upstream, column(chunk.ofColumn(dOut)), upstream);
            Ops.multiply(slopes, upstream, slopes);
            chunk.backward(slopes, h, w, dHidden, dWeight);
          });
    }
  }
}
