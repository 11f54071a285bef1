package io.kanana.core.autograd;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Records operations and runs them backward.
 *
 * <p>An operation computes its value with one forward kernel and records how its gradient reaches
 * its inputs. {@link #backward} walks the record from the end; when an entry has run, its value and
 * gradient are given back, since only later entries read them. A loss is an operation without a
 * value: it enters the sum that is differentiated with the scale it was given, and computes its
 * gradient in the forward pass, so that {@code [tokens, vocabulary]} never exists. Any other scalar
 * function of a variable is brought in by {@link #seed}.
 *
 * <p>Gradients of parameters are added to {@link Parameter#gradient()}; one that is not trained has
 * none, and the gradient goes past it to what lies below. Values belong to the tape's scope. Not
 * safe for use by several threads.
 */
public final class Tape {
  /** How the gradient of an operation's output reaches its inputs. */
  @FunctionalInterface
  public interface Backward {
    /**
     * @param dOut the gradient of the output; given back after the call unless handed on with
     *     {@link Tape#handOn}
     */
    void run(Tensor dOut);
  }

  private record Entry(Variable output, Backward backward) {}

  private final Kernels kernels;
  private final Scope scope;
  private final boolean recording;
  private final List<Entry> entries = new ArrayList<>();

  private Tape(Kernels kernels, Scope scope, boolean recording) {
    this.kernels = kernels;
    this.scope = scope;
    this.recording = recording;
  }

  /** A tape that records, for training. */
  public static Tape recording(Kernels kernels, Scope scope) {
    return new Tape(kernels, scope, true);
  }

  /** A tape that only computes, for evaluation and generation. */
  public static Tape forwardOnly(Kernels kernels, Scope scope) {
    return new Tape(kernels, scope, false);
  }

  public boolean isRecording() {
    return recording;
  }

  public Kernels kernels() {
    return kernels;
  }

  public Scope scope() {
    return scope;
  }

  // ---- the mechanism --------------------------------------------------------------------------

  /** A value that comes from outside; its gradient goes nowhere. */
  public Variable constant(Tensor value) {
    return new Variable(value);
  }

  /**
   * Records an operation of one's own: its value, which the tape now owns, and its backward pass.
   */
  public Variable record(Tensor value, Backward backward) {
    Variable output = new Variable(value);
    if (recording) {
      entries.add(new Entry(output, backward));
    }
    return output;
  }

  /**
   * Starts the gradient of a variable, or adds to it; the tape owns {@code gradient} from now on.
   */
  public void seed(Variable variable, Tensor gradient) {
    handOn(gradient, variable);
  }

  /**
   * Lets somebody look at the gradient of a recorded variable: once in the backward pass, when all
   * of it has arrived and before it goes on to what the variable was computed from. The variable's
   * value is still there then; the gradient must be neither kept nor changed. It may be of another
   * dtype than F32, and nothing is shown on a tape that does not record.
   */
  public void watch(Variable variable, Consumer<Tensor> look) {
    variable.watch(look);
  }

  /** Runs everything recorded backward, and forgets it. */
  public void backward() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      Tensor dOut = entry.output.takeGradient();
      if (dOut != null) {
        entry.output.show(dOut);
        entry.backward.run(dOut);
      }
      scope.release(entry.output.value());
    }
    entries.clear();
  }

  /**
   * Lets {@code gradient} arrive at a variable: it becomes the gradient, or is added to it and
   * given back.
   */
  public void handOn(Tensor gradient, Variable to) {
    if (to.gradient() == null) {
      to.gradient(gradient);
    } else {
      kernels.add(gradient.reshape(to.gradient().shape()), to.gradient());
      scope.release(gradient);
    }
  }

  /** The gradient of a variable to add to; zero if none has arrived. */
  private Tensor accumulator(Variable variable) {
    if (variable.gradient() == null) {
      variable.gradient(scope.zeros(kernels, DType.F32, variable.value().shape()));
    }
    return variable.gradient();
  }

  /**
   * Runs a block of operations. What it computes on the way is given back at once; with {@code
   * recompute} on a recording tape it is computed again during the backward pass (activation
   * checkpointing, Chen et al., arXiv 1604.06174), otherwise a recording tape keeps it.
   *
   * <p>The block must not contain a loss and must compute the same values when it is run again.
   */
  public Variable block(BiFunction<Tape, Variable, Variable> block, Variable x, boolean recompute) {
    if (recording && !recompute) {
      return block.apply(this, x);
    }
    int mark = scope.mark();
    Tensor out = block.apply(forwardOnly(kernels, scope), x).value();
    scope.releaseSince(mark, out);
    return record(out, dOut -> recompute(block, x, dOut));
  }

  private void recompute(BiFunction<Tape, Variable, Variable> block, Variable x, Tensor dOut) {
    Tape tape = recording(kernels, scope);
    Variable input = new Variable(x.value());
    tape.seed(block.apply(tape, input), dOut);
    tape.backward();
    handOn(input.takeGradient(), x);
  }

  // ---- operations -----------------------------------------------------------------------------

  /**
   * Rows of a table.
   *
   * @param table [V, C]
   * @param ids I32 with N elements
   * @return [N, C]
   */
  public Variable embedding(Parameter table, Tensor ids) {
    Tensor out = scope.allocate(DType.F32, Math.toIntExact(ids.size()), table.value().dim(1));
    kernels.gatherRows(table.value(), ids, out);
    return record(
        out,
        dOut -> {
          if (table.trained()) {
            kernels.scatterAddRows(dOut, ids, table.gradient());
          }
          scope.release(dOut);
        });
  }

  /**
   * Rows of a variable.
   *
   * @param x F32 [N, C]
   * @param ids I32 with n elements, each in [0, N); a row may be taken more than once
   * @return [n, C]
   */
  public Variable rows(Variable x, Tensor ids) {
    Tensor out = scope.allocate(DType.F32, Math.toIntExact(ids.size()), x.value().dim(1));
    kernels.gatherRows(x.value(), ids, out);
    return record(
        out,
        dOut -> {
          kernels.scatterAddRows(dOut, ids, accumulator(x));
          scope.release(dOut);
        });
  }

  /**
   * x W', where W is the weight with its {@link Parameter#addition}.
   *
   * @param x [N, in]
   * @param weight [out, in]
   * @return [N, out]
   */
  public Variable linear(Variable x, Parameter weight) {
    Tensor input = operand(x.value(), weight);
    Tensor out = scope.allocate(DType.F32, input.dim(0), weight.value().dim(0));
    kernels.matmul(input, false, weight.compute(), true, out, false);
    Optional<LowRankProduct> added = addition(weight, input, out);
    return record(
        out,
        dOut -> {
          linearBackward(dOut, input, added, x, weight);
          scope.release(dOut);
        });
  }

  /** residual + x W', where the residual has the shape of the result. */
  public Variable linear(Variable x, Parameter weight, Variable residual) {
    Tensor input = operand(x.value(), weight);
    Tensor out = scope.allocate(DType.F32, residual.value().shape());
    kernels.copy(residual.value(), out);
    kernels.matmul(input, false, weight.compute(), true, out, true);
    Optional<LowRankProduct> added = addition(weight, input, out);
    return record(
        out,
        dOut -> {
          linearBackward(dOut, input, added, x, weight);
          handOn(dOut, residual);
        });
  }

  private Optional<LowRankProduct> addition(Parameter weight, Tensor input, Tensor out) {
    Optional<LowRankProduct> added =
        weight.addition().map(low -> LowRankProduct.add(kernels, scope, low, input, out));
    if (!recording) {
      added.ifPresent(LowRankProduct::release);
    }
    return added;
  }

  private void linearBackward(
      Tensor dOut, Tensor input, Optional<LowRankProduct> added, Variable x, Parameter weight) {
    Tensor dOperand = operand(dOut, weight);
    boolean first = x.gradient() == null;
    if (first) {
      x.gradient(scope.allocate(DType.F32, input.shape()));
    }
    kernels.matmul(dOperand, false, weight.compute(), false, x.gradient(), !first);
    if (weight.trained()) {
      kernels.matmul(dOperand, true, input, false, weight.gradient(), true);
    }
    added.ifPresent(product -> product.backward(dOperand, input, x.gradient()));
    releaseCopy(dOperand, dOut);
    releaseCopy(input, x.value());
  }

  /** The tensor in the dtype that products with the weight take. */
  private Tensor operand(Tensor x, Parameter weight) {
    DType dtype = weight.compute().dtype();
    if (x.dtype() == dtype) {
      return x;
    }
    Tensor copy = scope.allocate(dtype, x.shape());
    kernels.copy(x, copy);
    return copy;
  }

  private void releaseCopy(Tensor operand, Tensor original) {
    if (operand != original) {
      scope.release(operand);
    }
  }

  /**
   * Root-mean-square normalisation of every row.
   *
   * @param x [N, C]
   * @param weight [C]
   * @param out the dtype of the result: that of the product which reads it
   */
  public Variable rmsNorm(Variable x, Parameter weight, double epsilon, DType out) {
    Tensor inverseRms = scope.allocate(DType.F32, x.value().dim(0));
    Tensor y = scope.allocate(out, x.value().shape());
    kernels.rmsNorm(x.value(), weight.value(), epsilon, y, inverseRms);
    return record(
        y,
        dOut -> {
          kernels.rmsNormBackward(
              dOut, x.value(), weight.value(), inverseRms, accumulator(x), weight.gradient());
          scope.release(inverseRms);
          scope.release(dOut);
        });
  }

  /**
   * Rotary position embedding and causal attention with a document mask.
   *
   * @param qkv [N, (H + 2K) * D], which nothing else may read
   * @param positions I32 [N]
   * @param starts I32 [N]
   * @param ropeTable [P, D]
   * @param operands the dtype that attention computes its products in, and of the result
   * @return [N, H * D]
   */
  public Variable attention(
      AttentionShape shape,
      Variable qkv,
      Tensor positions,
      Tensor starts,
      Tensor ropeTable,
      DType operands) {
    int rotated = shape.heads() + shape.kvHeads();
    Tensor turned = turn(qkv.value(), rotated, positions, ropeTable, false, operands);
    Tensor out = scope.allocate(operands, shape.tokens(), shape.outputWidth());
    Tensor lse = scope.allocate(DType.F32, shape.batch(), shape.heads(), shape.time());
    kernels.attention(shape, turned, starts, out, lse);
    return record(
        out,
        dOut -> {
          Tensor dTurned = scope.allocate(DType.F32, turned.shape());
          kernels.attentionBackward(shape, dOut, turned, starts, out, lse, dTurned);
          scope.release(lse);
          scope.release(dOut);
          scope.release(turned);
          handOn(turn(dTurned, rotated, positions, ropeTable, true, operands), qkv);
        });
  }

  /** In place in F32; otherwise the memory of x is given back. */
  private Tensor turn(
      Tensor x, int heads, Tensor positions, Tensor ropeTable, boolean inverse, DType dtype) {
    Tensor out = x.dtype() == dtype ? x : scope.allocate(dtype, x.shape());
    kernels.rope(x, heads, positions, ropeTable, inverse, out);
    releaseCopy(x, out);
    return out;
  }

  /**
   * silu(gate) * up.
   *
   * @param gateUp [N, 2F]
   * @param out the dtype of the result: that of the product which reads it
   * @return [N, F]
   */
  public Variable swiGlu(Variable gateUp, DType out) {
    Tensor y = scope.allocate(out, gateUp.value().dim(0), gateUp.value().dim(1) / 2);
    kernels.swiGlu(gateUp.value(), y);
    return record(
        y,
        dOut -> {
          Tensor dGateUp = scope.allocate(out, gateUp.value().shape());
          kernels.swiGluBackward(dOut, gateUp.value(), dGateUp);
          scope.release(dOut);
          handOn(dGateUp, gateUp);
        });
  }

  // ---- heads and losses -----------------------------------------------------------------------

  /**
   * A loss: {@code scale * sum_i (crossEntropy_i + zLoss * lse_i^2)} over the targets that are not
   * ignored.
   *
   * @param hidden [N, C]
   * @param head [V, C]
   * @param sums F64 [2]: adds the unscaled sums of cross entropy and lse^2
   */
  public void crossEntropy(
      Variable hidden, Parameter head, Tensor targets, double scale, double zLoss, Tensor sums) {
    headLoss(
        hidden,
        head,
        (input, dHidden, dHead) ->
            kernels.linearCrossEntropy(
                input, head.compute(), targets, scale, zLoss, sums, dHidden, dHead));
  }

  /**
   * A loss: the {@link DistillationLoss} of this head by a teacher's, over the targets that are not
   * ignored.
   *
   * @param sums F64 [3]: adds the unscaled sums
   */
  public void divergence(
      DistillationLoss loss,
      Variable hidden,
      Parameter head,
      Tensor teacherHidden,
      Tensor teacherHead,
      Tensor targets,
      Tensor sums) {
    headLoss(
        hidden,
        head,
        (input, dHidden, dHead) ->
            kernels.linearDivergence(
                loss,
                input,
                head.compute(),
                teacherHidden,
                teacherHead,
                targets,
                sums,
                dHidden,
                dHead));
  }

  /**
   * A loss: the {@link DistillationLoss} of this head by a teacher's most probable tokens, over the
   * targets that are not ignored.
   *
   * @param ids I32 [N, k]
   * @param logProbabilities F32 [N, k]
   * @param logRest F32 [N]
   * @param sums F64 [3]: adds the unscaled sums
   */
  public void topDivergence(
      DistillationLoss loss,
      TeacherRest rest,
      Variable hidden,
      Parameter head,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest,
      Tensor targets,
      Tensor sums) {
    headLoss(
        hidden,
        head,
        (input, dHidden, dHead) ->
            kernels.linearTopDivergence(
                loss,
                rest,
                input,
                head.compute(),
                ids,
                logProbabilities,
                logRest,
                targets,
                sums,
                dHidden,
                dHead));
  }

  /** A kernel that computes a loss with its gradients; both are null where none are wanted. */
  private interface HeadLoss {
    void run(Tensor input, Tensor dHidden, Tensor dHead);
  }

  private void headLoss(Variable hidden, Parameter head, HeadLoss loss) {
    Tensor input = operand(hidden.value(), head);
    Tensor dHidden = recording ? scope.allocate(DType.F32, input.shape()) : null;
    loss.run(input, dHidden, recording ? head.gradient() : null);
    releaseCopy(input, hidden.value());
    if (recording) {
      handOn(dHidden, hidden);
    }
  }

  /**
   * The log-probability of each target, 0 where it is ignored.
   *
   * @return [N]
   */
  public Variable logProbabilities(Variable hidden, Parameter head, Tensor targets) {
    Tensor input = operand(hidden.value(), head);
    int tokens = Math.toIntExact(targets.size());
    Tensor out = scope.allocate(DType.F32, tokens);
    Tensor lse = scope.allocate(DType.F32, tokens);
    kernels.linearLogProbabilities(input, head.compute(), targets, out, lse);
    return record(
        out,
        dOut -> {
          Tensor dHidden = scope.allocate(DType.F32, input.shape());
          kernels.linearLogProbabilitiesBackward(
              dOut, input, head.compute(), targets, lse, dHidden, head.gradient());
          releaseCopy(input, hidden.value());
          scope.release(lse);
          scope.release(dOut);
          handOn(dHidden, hidden);
        });
  }
}
