package io.kanana.pretrain.prune;

import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;

/** Reads a tensor of rows position by position, some rows at a time. */
final class PositionReader {
  /** Elements that are copied from the back end at once. */
  private static final int MOST = 1 << 18;

  /** Takes the row of one position; it is overwritten afterwards. */
  interface Sink {
    void accept(double[] row);
  }

  /** Takes the rows of one position in two tensors; they are overwritten afterwards. */
  interface PairSink {
    void accept(double[] first, double[] second);
  }

  private final TensorBackend backend;

  PositionReader(TensorBackend backend) {
    this.backend = backend;
  }

  /** Rows {@code from} to {@code to} (exclusive), in order. */
  void read(Tensor tensor, int from, int to, Sink sink) {
    int width = tensor.dim(1);
    double[] row = new double[width];
    int step = Math.max(1, MOST / width);
    for (int first = from; first < to; first += step) {
      Tensor part = tensor.slice(first, Math.min(to, first + step));
      double[] values = backend.doubles(part);
      for (int i = 0; i < part.dim(0); i++) {
        System.arraycopy(values, i * width, row, 0, width);
        sink.accept(row);
      }
    }
  }

  /** The same of two tensors of one shape. */
  void read(Tensor tensor, Tensor other, int from, int to, PairSink sink) {
    int width = tensor.dim(1);
    double[] row = new double[width];
    double[] otherRow = new double[width];
    int step = Math.max(1, MOST / width);
    for (int first = from; first < to; first += step) {
      int last = Math.min(to, first + step);
      double[] values = backend.doubles(tensor.slice(first, last));
      double[] others = backend.doubles(other.slice(first, last));
      for (int i = 0; i < last - first; i++) {
        System.arraycopy(values, i * width, row, 0, width);
        System.arraycopy(others, i * width, otherRow, 0, width);
        sink.accept(row, otherRow);
      }
    }
  }
}
