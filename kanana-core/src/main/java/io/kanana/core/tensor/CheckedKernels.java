package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;
import java.util.Arrays;

/**
 * Checks dtypes and shapes once, for every back end, and names the operation and the shapes of a
 * call that is wrong. Values that address memory (ids, positions, targets, starts, lengths) lie
 * where only the back end can see them, so each back end refuses those that are outside.
 */
public final class CheckedKernels implements Kernels {
  private final Kernels kernels;

  public CheckedKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public void fill(Tensor out, double value) {
    kernels.fill(out, value);
  }

  @Override
  public void copy(Tensor source, Tensor out) {
    check("copy", source.size() == out.size(), source, out);
    boolean converts = isMatrixType(source) && isMatrixType(out);
    check("copy", converts || source.dtype() == out.dtype(), source, out);
    kernels.copy(source, out);
  }

  @Override
  public void add(Tensor x, Tensor out) {
    check("add", x.size() == out.size() && areF32(x, out), x, out);
    kernels.add(x, out);
  }

  @Override
  public void scale(Tensor x, double factor) {
    check("scale", areF32(x), x);
    kernels.scale(x, factor);
  }

  @Override
  public void sumOfSquares(Tensor x, Tensor sum) {
    check("sumOfSquares", areF32(x) && isSum(sum, 1), x, sum);
    kernels.sumOfSquares(x, sum);
  }

  @Override
  public void matmul(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
    boolean matrices = a.rank() == 2 && b.rank() == 2 && out.rank() == 2;
    check(
        "matmul", matrices && isMatrixType(a) && a.dtype() == b.dtype() && areF32(out), a, b, out);
    boolean inner = a.dim(transposeA ? 0 : 1) == b.dim(transposeB ? 1 : 0);
    boolean outer =
        a.dim(transposeA ? 1 : 0) == out.dim(0) && b.dim(transposeB ? 0 : 1) == out.dim(1);
    check(
        "matmul" + (transposeA ? " a'" : "") + (transposeB ? " b'" : ""),
        inner && outer,
        a,
        b,
        out);
    kernels.matmul(a, transposeA, b, transposeB, out, accumulate);
  }

  @Override
  public void gatherRows(Tensor table, Tensor rows, Tensor out) {
    checkTable("gatherRows", table, rows, out);
    kernels.gatherRows(table, rows, out);
  }

  @Override
  public void scatterAddRows(Tensor dOut, Tensor rows, Tensor dTable) {
    checkTable("scatterAddRows", dTable, rows, dOut);
    kernels.scatterAddRows(dOut, rows, dTable);
  }

  private static void checkTable(String operation, Tensor table, Tensor rows, Tensor out) {
    boolean types = areF32(table, out) && rows.dtype() == DType.I32;
    boolean shapes = table.rank() == 2 && out.dim(-1) == table.dim(1) && out.rows() == rows.size();
    check(operation, types && shapes, table, rows, out);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out, Tensor inverseRms) {
    boolean types = areF32(x, weight, inverseRms) && isMatrixType(out);
    check("rmsNorm", types && isNorm(x, weight, out, inverseRms), x, weight, out, inverseRms);
    kernels.rmsNorm(x, weight, epsilon, out, inverseRms);
  }

  @Override
  public void rmsNormBackward(
      Tensor dOut, Tensor x, Tensor weight, Tensor inverseRms, Tensor dX, Tensor dWeight) {
    boolean types = areF32(dOut, x, weight, inverseRms, dX);
    boolean shapes = isNorm(x, weight, dOut, inverseRms) && isNorm(dX, weight, dOut, inverseRms);
    boolean gradient = isGradientOrNull(dWeight, weight);
    check("rmsNormBackward", types && shapes && gradient, dOut, x, weight, inverseRms, dX, dWeight);
    kernels.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight);
  }

  private static boolean isNorm(Tensor x, Tensor weight, Tensor out, Tensor inverseRms) {
    return x.size() == out.size()
        && x.dim(-1) == out.dim(-1)
        && weight.size() == x.dim(-1)
        && inverseRms.size() == x.rows();
  }

  @Override
  public void rope(
      Tensor x, int heads, Tensor positions, Tensor table, boolean inverse, Tensor out) {
    boolean types = areF32(x, table) && positions.dtype() == DType.I32 && isMatrixType(out);
    boolean shapes =
        positions.size() == x.rows()
            && out.size() == x.size()
            && out.dim(-1) == x.dim(-1)
            && table.rank() == 2
            && table.dim(1) % 2 == 0
            && (long) heads * table.dim(1) <= x.dim(-1);
    check("rope of " + heads + " heads", types && shapes, x, positions, table, out);
    kernels.rope(x, heads, positions, table, inverse, out);
  }

  @Override
  public void attention(
      AttentionShape shape, Tensor qkv, Tensor starts, Tensor out, Tensor logSumExp) {
    String operation = "attention " + shape;
    check(operation, isAttention(shape, qkv, out, starts, logSumExp), qkv, starts, out, logSumExp);
    kernels.attention(shape, qkv, starts, out, logSumExp);
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
    boolean shapes =
        isAttention(shape, qkv, out, starts, logSumExp)
            && isAttention(shape, dQkv, dOut, starts, logSumExp)
            && areF32(dQkv, dOut);
    check("attentionBackward " + shape, shapes, dOut, qkv, starts, out, logSumExp, dQkv);
    kernels.attentionBackward(shape, dOut, qkv, starts, out, logSumExp, dQkv);
  }

  private static boolean isAttention(
      AttentionShape shape, Tensor qkv, Tensor out, Tensor starts, Tensor logSumExp) {
    return isProjection(shape, qkv, out)
        && starts.dtype() == DType.I32
        && starts.size() == shape.tokens()
        && areF32(logSumExp)
        && logSumExp.size() == (long) shape.tokens() * shape.heads();
  }

  private static boolean isProjection(AttentionShape shape, Tensor qkv, Tensor out) {
    return shape.heads() % shape.kvHeads() == 0
        && isMatrixType(qkv)
        && isMatrixType(out)
        && qkv.rows() == shape.tokens()
        && qkv.dim(-1) == shape.fusedWidth()
        && out.rows() == shape.tokens()
        && out.dim(-1) == shape.outputWidth();
  }

  @Override
  public void cachedAttention(
      AttentionShape shape, Tensor qkv, Tensor keys, Tensor values, Tensor lengths, Tensor out) {
    boolean caches = isCache(shape, keys) && isCache(shape, values) && keys.dim(1) == values.dim(1);
    boolean positions = lengths.dtype() == DType.I32 && lengths.size() == shape.batch();
    boolean valid = isProjection(shape, qkv, out) && areF32(qkv, out) && caches && positions;
    check("cachedAttention " + shape, valid, qkv, keys, values, lengths, out);
    kernels.cachedAttention(shape, qkv, keys, values, lengths, out);
  }

  private static boolean isCache(AttentionShape shape, Tensor cache) {
    return areF32(cache)
        && cache.rank() == 3
        && cache.dim(0) == shape.batch()
        && cache.dim(1) >= shape.time()
        && cache.dim(2) == shape.kvHeads() * shape.headDim();
  }

  @Override
  public void swiGlu(Tensor gateUp, Tensor out) {
    check("swiGlu", areF32(gateUp) && isMatrixType(out) && isGate(gateUp, out), gateUp, out);
    kernels.swiGlu(gateUp, out);
  }

  @Override
  public void swiGluBackward(Tensor dOut, Tensor gateUp, Tensor dGateUp) {
    boolean valid =
        areF32(dOut, gateUp)
            && isMatrixType(dGateUp)
            && isGate(gateUp, dOut)
            && isGate(dGateUp, dOut);
    check("swiGluBackward", valid, dOut, gateUp, dGateUp);
    kernels.swiGluBackward(dOut, gateUp, dGateUp);
  }

  private static boolean isGate(Tensor gateUp, Tensor out) {
    return gateUp.rows() == out.rows() && gateUp.dim(-1) == 2 * out.dim(-1);
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
    checkHead("linearCrossEntropy", hidden, weight, targets);
    check("linearCrossEntropy", isSum(sums, 2), sums);
    checkHeadGradients("linearCrossEntropy", hidden, weight, dHidden, dWeight);
    kernels.linearCrossEntropy(hidden, weight, targets, scale, zLoss, sums, dHidden, dWeight);
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
    checkHead("linearDivergence", hidden, weight, targets);
    checkHead("linearDivergence teacher", teacherHidden, teacherWeight, targets);
    check("linearDivergence", weight.dim(0) == teacherWeight.dim(0), weight, teacherWeight);
    check("linearDivergence", isSum(sums, DistillationLoss.SUMS), sums);
    checkHeadGradients("linearDivergence", hidden, weight, dHidden, dWeight);
    kernels.linearDivergence(
        loss, hidden, weight, teacherHidden, teacherWeight, targets, sums, dHidden, dWeight);
  }

  @Override
  public void linearTopProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    String operation = "linearTopProbabilities";
    if (!(temperature > 0)) {
      throw new BackendException(operation + ": temperature must be > 0, got " + temperature);
    }
    checkMatrices(operation, hidden, weight);
    checkTop(operation, weight, hidden.rows(), ids, logProbabilities, logRest);
    kernels.linearTopProbabilities(hidden, weight, temperature, ids, logProbabilities, logRest);
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
    String operation = "linearTopDivergence";
    checkHead(operation, hidden, weight, targets);
    checkTop(operation, weight, hidden.rows(), ids, logProbabilities, logRest);
    check(operation, isSum(sums, DistillationLoss.SUMS), sums);
    checkHeadGradients(operation, hidden, weight, dHidden, dWeight);
    if (rest == TeacherRest.DROPPED_BY_TEACHER && loss.divergence() != Divergence.FORWARD) {
      throw new BackendException(
          operation + ": a teacher without a rest goes with FORWARD, got " + loss.divergence());
    }
    kernels.linearTopDivergence(
        loss,
        rest,
        hidden,
        weight,
        ids,
        logProbabilities,
        logRest,
        targets,
        sums,
        dHidden,
        dWeight);
  }

  private static void checkTop(
      String operation,
      Tensor weight,
      int rows,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    boolean types = ids.dtype() == DType.I32 && areF32(logProbabilities, logRest);
    boolean shapes =
        ids.rank() == 2
            && ids.dim(0) == rows
            && ids.dim(1) >= 1
            && ids.dim(1) <= weight.dim(0)
            && logProbabilities.size() == ids.size()
            && logRest.size() == rows;
    check(operation, types && shapes, weight, ids, logProbabilities, logRest);
  }

  @Override
  public void linearLogProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    checkHead("linearLogProbabilities", hidden, weight, targets);
    boolean outputs =
        areF32(out, logSumExp)
            && out.size() == targets.size()
            && logSumExp.size() == targets.size();
    check("linearLogProbabilities", outputs, targets, out, logSumExp);
    kernels.linearLogProbabilities(hidden, weight, targets, out, logSumExp);
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
    checkHead("linearLogProbabilitiesBackward", hidden, weight, targets);
    boolean inputs =
        areF32(dOut, logSumExp)
            && dOut.size() == targets.size()
            && logSumExp.size() == targets.size();
    check("linearLogProbabilitiesBackward", inputs, dOut, targets, logSumExp);
    check("linearLogProbabilitiesBackward", dHidden != null, dHidden, dWeight);
    checkHeadGradients("linearLogProbabilitiesBackward", hidden, weight, dHidden, dWeight);
    kernels.linearLogProbabilitiesBackward(
        dOut, hidden, weight, targets, logSumExp, dHidden, dWeight);
  }

  private static void checkHead(String operation, Tensor hidden, Tensor weight, Tensor targets) {
    checkMatrices(operation, hidden, weight);
    boolean valid = targets.dtype() == DType.I32 && hidden.rows() == targets.size();
    check(operation, valid, hidden, weight, targets);
  }

  private static void checkMatrices(String operation, Tensor hidden, Tensor weight) {
    boolean types = isMatrixType(hidden) && hidden.dtype() == weight.dtype();
    boolean shapes = weight.rank() == 2 && hidden.dim(-1) == weight.dim(1);
    check(operation, types && shapes, hidden, weight);
  }

  private static void checkHeadGradients(
      String operation, Tensor hidden, Tensor weight, Tensor dHidden, Tensor dWeight) {
    if (dHidden == null && dWeight != null) {
      throw new BackendException(operation + ": dWeight is given, but dHidden is null");
    }
    boolean valid = isGradientOrNull(dHidden, hidden) && isGradientOrNull(dWeight, weight);
    check(operation, valid, hidden, weight, dHidden, dWeight);
  }

  private static boolean isGradientOrNull(Tensor gradient, Tensor of) {
    return gradient == null || (areF32(gradient) && gradient.size() == of.size());
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor weight,
      Tensor gradient,
      Tensor moment1,
      Tensor moment2,
      Tensor compute) {
    long size = weight.size();
    boolean states = gradient.size() == size && moment1.size() == size && moment2.size() == size;
    check("adamW", states && areF32(weight, gradient, moment1, moment2), weight, gradient, moment1);
    boolean copy = compute == null || (compute.dtype() == DType.BF16 && compute.size() == size);
    check("adamW", copy, weight, compute);
    kernels.adamW(step, weight, gradient, moment1, moment2, compute);
  }

  private static boolean isSum(Tensor sum, int size) {
    return sum.dtype() == DType.F64 && sum.size() == size;
  }

  private static boolean isMatrixType(Tensor tensor) {
    return tensor.dtype() == DType.F32 || tensor.dtype() == DType.BF16;
  }

  private static boolean areF32(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (tensor.dtype() != DType.F32) {
        return false;
      }
    }
    return true;
  }

  private static void check(String operation, boolean valid, Tensor... tensors) {
    if (!valid) {
      throw new BackendException(
          operation + " does not take tensors of " + Arrays.toString(tensors));
    }
  }
}
