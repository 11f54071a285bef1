package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;

/** Each operation as its formula. */
final class ReferenceKernels implements Kernels {
  @Override
  public void fill(Tensor out, double value) {
    if (out.dtype() == DType.I32) {
      int from = Math.toIntExact(out.offset());
      int[] ints = ((ReferenceStorage) out.storage()).ints();
      java.util.Arrays.fill(ints, from, from + (int) out.size(), (int) value);
      return;
    }
    View view = View.of(out);
    for (int i = 0; i < view.size(); i++) {
      view.set(i, value);
    }
  }

  @Override
  public void copy(Tensor source, Tensor out) {
    if (source.dtype() == DType.I32) {
      int[] ints = ((ReferenceStorage) out.storage()).ints();
      int[] from = View.ints(source);
      System.arraycopy(from, 0, ints, Math.toIntExact(out.offset()), from.length);
      return;
    }
    View from = View.of(source);
    View to = View.of(out);
    for (int i = 0; i < to.size(); i++) {
      to.set(i, from.get(i));
    }
  }

  @Override
  public void add(Tensor x, Tensor out) {
    View from = View.of(x);
    View to = View.of(out);
    for (int i = 0; i < to.size(); i++) {
      to.plus(i, from.get(i));
    }
  }

  @Override
  public void scale(Tensor x, double factor) {
    View view = View.of(x);
    for (int i = 0; i < view.size(); i++) {
      view.set(i, view.get(i) * factor);
    }
  }

  @Override
  public void sumOfSquares(Tensor x, Tensor sum) {
    View view = View.of(x);
    for (int i = 0; i < view.size(); i++) {
      View.of(sum).plus(0, view.get(i) * view.get(i));
    }
  }

  @Override
  public void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
    View left = View.of(a);
    View right = View.of(b);
    View result = View.of(out);
    int inner = transposeA ? left.rows() : left.columns();
    for (int m = 0; m < result.rows(); m++) {
      for (int n = 0; n < result.columns(); n++) {
        double sum = accumulate ? result.get(m, n) : 0;
        for (int k = 0; k < inner; k++) {
          double x = transposeA ? left.get(k, m) : left.get(m, k);
          double y = transposeB ? right.get(n, k) : right.get(k, n);
          sum += x * y;
        }
        result.set(m, n, sum);
      }
    }
  }

  @Override
  public void gatherRows(Tensor table, Tensor rows, Tensor out) {
    View from = View.of(table);
    View to = View.of(out);
    int[] ids = View.ints(rows);
    for (int i = 0; i < ids.length; i++) {
      for (int c = 0; c < from.columns(); c++) {
        to.set(i, c, from.get(ids[i], c));
      }
    }
  }

  @Override
  public void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    View from = View.of(dOut);
    View to = View.of(dTable);
    int[] ids = View.ints(rows);
    for (int i = 0; i < ids.length; i++) {
      for (int c = 0; c < to.columns(); c++) {
        to.plus(ids[i], c, from.get(i, c));
      }
    }
  }

  @Override
  public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    View in = View.of(x);
    View w = View.of(weight);
    View y = View.of(out);
    View inverse = View.of(inverseRms);
    for (int n = 0; n < in.rows(); n++) {
      double squares = 0;
      for (int c = 0; c < in.columns(); c++) {
        squares += in.get(n, c) * in.get(n, c);
      }
      double r = 1 / Math.sqrt(squares / in.columns() + epsilon);
      inverse.set(n, r);
      for (int c = 0; c < in.columns(); c++) {
        y.set(n, c, in.get(n, c) * w.get(c) * r);
      }
    }
  }

  @Override
  public void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    View dY = View.of(dOut);
    View in = View.of(x);
    View w = View.of(weight);
    View dIn = View.of(dX);
    View dW = View.ofNullable(dWeight);
    for (int n = 0; n < in.rows(); n++) {
      double r = View.of(inverseRms).get(n);
      double dot = 0;
      for (int c = 0; c < in.columns(); c++) {
        dot += dY.get(n, c) * w.get(c) * in.get(n, c);
      }
      for (int c = 0; c < in.columns(); c++) {
        double correction = in.get(n, c) * r * r * dot / in.columns();
        dIn.plus(n, c, r * (dY.get(n, c) * w.get(c) - correction));
        if (dW != null) {
          dW.plus(c, dY.get(n, c) * in.get(n, c) * r);
        }
      }
    }
  }

  @Override
  public void rope(
      Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    View in = View.of(x);
    View rows = View.of(out);
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, in.get(i));
    }
    View angles = View.of(table);
    int[] at = View.ints(positions);
    int half = angles.columns() / 2;
    for (int n = 0; n < rows.rows(); n++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < half; i++) {
          double cos = angles.get(at[n], i);
          double sin = angles.get(at[n], half + i) * (inverse ? -1 : 1);
          int first = 2 * h * half + i;
          double x1 = in.get(n, first);
          double x2 = in.get(n, first + half);
          rows.set(n, first, x1 * cos - x2 * sin);
          rows.set(n, first + half, x2 * cos + x1 * sin);
        }
      }
    }
  }

  @Override
  public void attention(
      AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    new ReferenceAttention(shape, View.of(qkv), View.ints(starts))
        .forward(View.of(out), View.of(logSumExp));
  }

  @Override
  public void attentionBackward(
      AttentionShape shape,
      Tensor dOut,
      Tensor qkv,
      Tensor starts,
      Tensor out,
      Tensor logSumExp,
      Tensor dQkv) {
    new ReferenceAttention(shape, View.of(qkv), View.ints(starts))
        .backward(View.of(dOut), View.of(out), View.of(logSumExp), View.of(dQkv));
  }

  @Override
  public void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    new ReferenceAttention(shape, View.of(qkv), new int[0])
        .cached(View.of(keys), View.of(values), keys.dim(1), View.ints(lengths), View.of(out));
  }

  @Override
  public void swiGlu(Tensor gateUp, Tensor out) {
    View in = View.of(gateUp);
    View y = View.of(out);
    for (int n = 0; n < y.rows(); n++) {
      for (int f = 0; f < y.columns(); f++) {
        double gate = in.get(n, f);
        y.set(n, f, gate * sigmoid(gate) * in.get(n, y.columns() + f));
      }
    }
  }

  @Override
  public void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    View dY = View.of(dOut);
    View in = View.of(gateUp);
    View dIn = View.of(dGateUp);
    int ffn = dY.columns();
    for (int n = 0; n < dY.rows(); n++) {
      for (int f = 0; f < ffn; f++) {
        double gate = in.get(n, f);
        double s = sigmoid(gate);
        dIn.set(n, f, dY.get(n, f) * in.get(n, ffn + f) * s * (1 + gate * (1 - s)));
        dIn.set(n, ffn + f, dY.get(n, f) * gate * s);
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public void linearCrossEntropy(
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      double scale,
      double zLoss,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    ReferenceHeads.crossEntropy(
        View.of(hidden),
        View.of(weight),
        View.ints(targets),
        scale,
        zLoss,
        View.of(sums),
        View.ofNullable(dHidden),
        View.ofNullable(dWeight));
  }

  @Override
  public void linearDivergence(
      DistillationLoss loss,
      Tensor hidden,
      Tensor weight,
      Tensor teacherHidden,
      Tensor teacherWeight,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    distillation(loss, hidden, weight, sums, dHidden, dWeight)
        .byAll(View.of(teacherHidden), View.of(teacherWeight), View.ints(targets));
  }

  private static ReferenceDistillation distillation(
      DistillationLoss loss,
      Tensor hidden,
      Tensor weight,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    return new ReferenceDistillation(
        loss,
        View.of(hidden),
        View.of(weight),
        View.of(sums),
        View.ofNullable(dHidden),
        View.ofNullable(dWeight));
  }

  @Override
  public void linearTopProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    int k = ids.dim(1);
    int[] all = new int[Math.toIntExact(ids.size())];
    for (int row = 0; row < ids.dim(0); row++) {
      double[] logits = ReferenceHeads.logits(View.of(hidden), View.of(weight), row);
      double[] logs = ReferenceHeads.logSoftmax(logits, temperature);
      int[] top = ReferenceDistillation.top(logs, k);
      System.arraycopy(top, 0, all, row * k, k);
      for (int j = 0; j < k; j++) {
        View.of(logProbabilities).set(row * k + j, logs[top[j]]);
      }
      View.of(logRest).set(row, ReferenceDistillation.logRest(logs, top));
    }
    View.setInts(ids, all);
  }

  @Override
  public void linearTopDivergence(
      DistillationLoss loss,
      TeacherRest rest,
      Tensor hidden,
      Tensor weight,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    View listed = View.of(logProbabilities.reshape(ids.shape()));
    distillation(loss, hidden, weight, sums, dHidden, dWeight)
        .byTop(rest, View.ints(ids), listed, View.of(logRest), View.ints(targets));
  }

  @Override
  public void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    int[] wanted = View.ints(targets);
    for (int i = 0; i < wanted.length; i++) {
      double[] logits = ReferenceHeads.logits(View.of(hidden), View.of(weight), i);
      double lse = ReferenceHeads.logSumExp(logits);
      View.of(logSumExp).set(i, lse);
      View.of(out).set(i, wanted[i] == IGNORED ? 0 : logits[wanted[i]] - lse);
    }
  }

  @Override
  public void linearLogProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight) {
    fill(dHidden, 0);
    int[] wanted = View.ints(targets);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == IGNORED) {
        continue;
      }
      double[] dLogits = ReferenceHeads.logits(View.of(hidden), View.of(weight), i);
      for (int v = 0; v < dLogits.length; v++) {
        double p = Math.exp(dLogits[v] - View.of(logSumExp).get(i));
        dLogits[v] = View.of(dOut).get(i) * ((v == wanted[i] ? 1 : 0) - p);
      }
      ReferenceHeads.backward(
          dLogits, View.of(hidden), View.of(weight), i, View.of(dHidden), View.ofNullable(dWeight));
    }
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    View w = View.of(weight);
    View m = View.of(moment1);
    View v = View.of(moment2);
    for (int i = 0; i < w.size(); i++) {
      double g = step.gradientScale() * View.of(gradient).get(i);
      m.set(i, step.beta1() * m.get(i) + (1 - step.beta1()) * g);
      v.set(i, step.beta2() * v.get(i) + (1 - step.beta2()) * g * g);
      double first = m.get(i) / step.correction1();
      double second = Math.sqrt(v.get(i) / step.correction2()) + step.epsilon();
      w.set(i, w.get(i) * (1 - step.shrink()) - step.learningRate() * first / second);
      if (compute != null) {
        View.of(compute).set(i, w.get(i));
      }
    }
  }
}
