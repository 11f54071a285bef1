package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.AttentionShape;

/** Attention of one head at a time, with the whole row of probabilities in memory. */
final class ReferenceAttention {
  private final AttentionShape shape;
  private final View qkv;
  private final int[] starts;

  ReferenceAttention(AttentionShape shape, View qkv, int[] starts) {
    this.shape = shape;
    this.qkv = qkv;
    this.starts = starts;
  }

  private int row(int b, int t) {
    return b * shape.time() + t;
  }

  private int queryColumn(int h) {
    return h * shape.headDim();
  }

  private int keyColumn(int h) {
    return (shape.heads() + h / (shape.heads() / shape.kvHeads())) * shape.headDim();
  }

  private int valueColumn(int h) {
    return keyColumn(h) + shape.kvHeads() * shape.headDim();
  }

  /** q_t . k_u / sqrt(D). */
  private double score(int b, int h, int t, int u) {
    double dot = 0;
    for (int d = 0; d < shape.headDim(); d++) {
      dot += qkv.get(row(b, t), queryColumn(h) + d) * qkv.get(row(b, u), keyColumn(h) + d);
    }
    return dot / Math.sqrt(shape.headDim());
  }

  void forward(View out, View logSumExp) {
    for (int b = 0; b < shape.batch(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        for (int t = 0; t < shape.time(); t++) {
          int start = starts[row(b, t)];
          double[] scores = new double[t + 1 - start];
          for (int u = start; u <= t; u++) {
            scores[u - start] = score(b, h, t, u);
          }
          double lse = ReferenceHeads.logSumExp(scores);
          logSumExp.set((b * shape.heads() + h) * shape.time() + t, lse);
          for (int d = 0; d < shape.headDim(); d++) {
            double sum = 0;
            for (int u = start; u <= t; u++) {
              sum += Math.exp(scores[u - start] - lse) * qkv.get(row(b, u), valueColumn(h) + d);
            }
            out.set(row(b, t), h * shape.headDim() + d, sum);
          }
        }
      }
    }
  }

  /**
   * With p the probabilities: dV = p dOut, dS = p (dOut . v - dOut . out), dQ = dS k, dK = dS q.
   */
  void backward(View dOut, View out, View logSumExp, View dQkv) {
    for (int i = 0; i < dQkv.size(); i++) {
      dQkv.set(i, 0);
    }
    for (int b = 0; b < shape.batch(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        for (int t = 0; t < shape.time(); t++) {
          double lse = logSumExp.get((b * shape.heads() + h) * shape.time() + t);
          for (int u = starts[row(b, t)]; u <= t; u++) {
            backward(b, h, t, u, Math.exp(score(b, h, t, u) - lse), dOut, out, dQkv);
          }
        }
      }
    }
  }

  private void backward(int b, int h, int t, int u, double p, View dOut, View out, View dQkv) {
    double dP = 0;
    for (int d = 0; d < shape.headDim(); d++) {
      double gradient = dOut.get(row(b, t), h * shape.headDim() + d);
      double value = qkv.get(row(b, u), valueColumn(h) + d);
      dP += gradient * (value - out.get(row(b, t), h * shape.headDim() + d));
      dQkv.plus(row(b, u), valueColumn(h) + d, p * gradient);
    }
    double dScore = p * dP / Math.sqrt(shape.headDim());
    for (int d = 0; d < shape.headDim(); d++) {
      int q = queryColumn(h) + d;
      int k = keyColumn(h) + d;
      dQkv.plus(row(b, t), q, dScore * qkv.get(row(b, u), k));
      dQkv.plus(row(b, u), k, dScore * qkv.get(row(b, t), q));
    }
  }

  /** Stores new keys and values behind {@code lengths} and attends to all of them. */
  void cached(View keys, View values, int capacity, int[] lengths, View out) {
    int width = shape.kvHeads() * shape.headDim();
    for (int b = 0; b < shape.batch(); b++) {
      for (int t = 0; t < shape.time(); t++) {
        int at = b * capacity + lengths[b] + t;
        for (int i = 0; i < width; i++) {
          int key = shape.heads() * shape.headDim() + i;
          keys.set(at, i, qkv.get(row(b, t), key));
          values.set(at, i, qkv.get(row(b, t), key + width));
        }
      }
      for (int t = 0; t < shape.time(); t++) {
        for (int h = 0; h < shape.heads(); h++) {
          attend(b, h, t, b * capacity, lengths[b] + t + 1, keys, values, out);
        }
      }
    }
  }

  private void attend(int b, int h, int t, int first, int count, View keys, View values, View out) {
    int column = keyColumn(h) - shape.heads() * shape.headDim();
    double[] scores = new double[count];
    for (int u = 0; u < count; u++) {
      for (int d = 0; d < shape.headDim(); d++) {
        scores[u] +=
            qkv.get(row(b, t), queryColumn(h) + d)
                * keys.get(first + u, column + d)
                / Math.sqrt(shape.headDim());
      }
    }
    double lse = ReferenceHeads.logSumExp(scores);
    for (int d = 0; d < shape.headDim(); d++) {
      double sum = 0;
      for (int u = 0; u < count; u++) {
        sum += Math.exp(scores[u] - lse) * values.get(first + u, column + d);
      }
      out.set(row(b, t), h * shape.headDim() + d, sum);
    }
  }
}
