package io.kanana.core.tensor.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's operations, each writing into an array that is there: what they allocate themselves would
 * be freed only when it is collected. Two operands broadcast as in NumPy.
 */
final class Ops {
  private Ops() {}

  private static void run(Op op) {
    Nd4j.getExecutioner().exec(op);
  }

  private static void run(String name, INDArray out, INDArray... in) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(in).addOutputs(out).build());
  }

  static void add(INDArray a, INDArray b, INDArray out) {
    run("add", out, a, b);
  }

  static void subtract(INDArray a, INDArray b, INDArray out) {
    run("subtract", out, a, b);
  }

  static void multiply(INDArray a, INDArray b, INDArray out) {
    run("multiply", out, a, b);
  }

  static void divide(INDArray a, INDArray b, INDArray out) {
    run("divide", out, a, b);
  }

  static void exp(INDArray x) {
    run(new Exp(x, x));
  }

  static void log(INDArray x, INDArray out) {
    run(new Log(x, out));
  }

  static void sqrt(INDArray x) {
    run(new Sqrt(x, x));
  }

  static void inverseSqrt(INDArray x) {
    run(new RSqrt(x, x));
  }

  static void sigmoid(INDArray x, INDArray out) {
    run(new Sigmoid(x, out));
  }

  /** max(x, 0), in place. */
  static void positivePart(INDArray x) {
    Nd4j.exec(
        DynamicCustomOp.builder("relu")
            .addInputs(x)
            .addOutputs(x)
            .addFloatingPointArguments(0.0)
            .build());
  }

  /** Sums over one axis; out keeps it, with one element. */
  static void sum(INDArray x, int axis, INDArray out) {
    run(new Sum(x, out, true, axis));
  }

  /** The largest along one axis; out keeps it, with one element. */
  static void max(INDArray x, int axis, INDArray out) {
    run(new Max(x, out, true, axis));
  }

  /** out = alpha * op(a) op(b) + beta * out, of matrices or batches of as many. */
  static void matmul(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      double alpha,
      double beta,
      INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(out)
            .addIntegerArguments(transposeA ? 1 : 0, transposeB ? 1 : 0, 0)
            .addFloatingPointArguments(alpha, beta)
            .build());
  }

  /** out[i] = table[rows[i]]. */
  static void gather(INDArray table, INDArray rows, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(table, rows)
            .addOutputs(out)
            .addIntegerArguments(0)
            .build());
  }

  /** table[rows[i]] += values[i], one after the other. */
  static void scatterAdd(INDArray table, INDArray rows, INDArray values) {
    boolean inOrder = true;
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(table, rows, values)
            .addOutputs(table)
            .addBooleanArguments(inOrder)
            .build());
  }

  /** out[i, v] = 1 where v is ids[i], else 0; a row of zeros for an id outside. */
  static void oneHot(INDArray ids, int depth, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(ids)
            .addOutputs(out)
            .addIntegerArguments(-1, depth)
            .addFloatingPointArguments(1.0, 0.0)
            .build());
  }

  /** Where the largest of each row stands, the first of equal ones: I32 [rows]. */
  static void argMax(INDArray x, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("argmax")
            .addInputs(x)
            .addOutputs(out)
            .addIntegerArguments(1)
            .build());
  }

  /** first, first + 1, ...; out is a vector. */
  static void range(int first, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("range")
            .addOutputs(out)
            .addFloatingPointArguments((double) first, (double) (first + out.length()), 1.0)
            .build());
  }
}
