package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.matrix;
import static io.kanana.core.tensor.nd4j.Cuts.vector;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Some rows of a head, with what they need on the way. */
record HeadChunk(Temporaries temporaries, int first, int last, int vocabulary) {
  /** Logits of a chunk. */
  private static final int LOGITS = 1 << 22;

  interface Task {
    void run(HeadChunk chunk);
  }

  /** All rows, some at a time. */
  static void forEach(TensorBackend backend, Tensor hidden, Tensor weight, Task task) {
    int vocabulary = weight.dim(0);
    int rows = Math.max(1, LOGITS / vocabulary);
    for (int first = 0; first < hidden.rows(); first += rows) {
      try (Temporaries temporaries = new Temporaries(backend)) {
        int last = Math.min(hidden.rows(), first + rows);
        task.run(new HeadChunk(temporaries, first, last, vocabulary));
      }
    }
  }

  int rows() {
    return last - first;
  }

  Tensor of(Tensor tensor) {
    return tensor.reshape(tensor.rows(), tensor.dim(-1)).slice(first, last);
  }

  /** Of a tensor with one element a row. */
  Tensor ofColumn(Tensor tensor) {
    return tensor.reshape(Math.toIntExact(tensor.size())).slice(first, last);
  }

  INDArray wide() {
    return temporaries.f32(rows(), vocabulary);
  }

  /** Of the shape of another, undefined. */
  INDArray like(INDArray other) {
    return temporaries.f32(rows(), Math.toIntExact(other.size(1)));
  }

  INDArray narrow() {
    return temporaries.f32(rows(), 1);
  }

  /** [rows, V]. */
  INDArray logits(INDArray hidden, INDArray weight) {
    INDArray logits = wide();
    Ops.matmul(hidden, false, weight, true, 1, 0, logits);
    return logits;
  }

  /** [rows, V]; no 1 in the row of an ignored target. */
  INDArray oneHot(Tensor targets) {
    INDArray oneHot = wide();
    Ops.oneHot(vector(ofColumn(targets)), vocabulary, oneHot);
    return oneHot;
  }

  /** 1 for a target, 0 for {@link Kernels#IGNORED}: min(target + 1, 1). */
  INDArray counted(Tensor targets) {
    INDArray counted = narrow();
    counted.assign(column(ofColumn(targets)));
    counted.muli(-1); // 1 - max(0, -target)
    Ops.positivePart(counted);
    counted.rsubi(1);
    return counted;
  }

  /** The sum of the products of each row. */
  INDArray rowDots(INDArray a, INDArray b, INDArray product) {
    INDArray dots = narrow();
    Ops.multiply(a, b, product);
    Ops.sum(product, 1, dots);
    return dots;
  }

  /** Turns logits into log-probabilities and gives what it took off each row. */
  INDArray logSoftmax(INDArray logits) {
    INDArray lse = narrow();
    INDArray max = narrow();
    INDArray sum = narrow();
    INDArray exponentials = like(logits);
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

  INDArray exp(INDArray logs) {
    INDArray values = like(logs);
    values.assign(logs);
    Ops.exp(values);
    return values;
  }

  /** Adds the sum of a column to {@code sums[index]}. */
  void addSum(INDArray terms, Tensor sums, int index) {
    Tensor wide = temporaries.tensor(DType.F64, rows());
    Tensor total = temporaries.tensor(DType.F64, 1);
    column(wide).assign(terms);
    Ops.sum(vector(wide), 0, vector(total));
    INDArray sum = vector(sums.slice(index, index + 1));
    Ops.add(sum, vector(total), sum);
  }

  /** dHidden = dLogits W, dWeight += dLogits' hidden. */
  void backward(
      INDArray dLogits, INDArray hidden, INDArray weight, Tensor dHidden, Tensor dWeight) {
    Ops.matmul(dLogits, false, weight, false, 1, 0, matrix(of(dHidden)));
    if (dWeight != null) {
      Ops.matmul(dLogits, true, hidden, false, 1, 1, matrix(dWeight));
    }
  }

  /**
   * Adds the cross entropy and lse^2 to {@code sums[index]} and the one behind, and gives the
   * gradient by the logits, scale * (p (1 + 2 zLoss lse) - 1 at the target), in their place.
   */
  INDArray crossEntropy(
      INDArray logits, Tensor targets, double scale, double zLoss, Tensor sums, int index) {
    INDArray lse = logSoftmax(logits);
    INDArray oneHot = oneHot(targets);
    INDArray counted = counted(targets);
    INDArray own = rowDots(logits, oneHot, wide());
    addSum(own.negi(), sums, index);
    INDArray squares = narrow();
    Ops.multiply(lse, lse, squares);
    Ops.multiply(squares, counted, squares);
    addSum(squares, sums, index + 1);
    lse.muli(2 * zLoss * scale).addi(scale);
    Ops.multiply(lse, counted, lse);
    oneHot.muli(scale);
    Ops.exp(logits);
    Ops.multiply(logits, lse, logits);
    Ops.subtract(logits, oneHot, logits);
    return logits;
  }
}
