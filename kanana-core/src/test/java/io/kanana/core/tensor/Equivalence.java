package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One operation on the same values, by the back end under test and by the reference. Every operand
 * is a view into a larger block at a given offset. Beside the results it is checked that the
 * operation gives the same bits again, that it leaves what it only reads as it was, and that it
 * writes nothing in front of its operands or behind them.
 */
public final class Equivalence implements AutoCloseable {
  private static final double GUARD = 96;
  private static final int GUARDS_BEHIND = 5;

  /** A tensor on both sides. */
  public static final class Operand {
    private final Tensor tested;
    private final Tensor exact;
    private final Tensor block;
    private final double[] initial;
    private final boolean written;
    private double[] result;

    private Operand(Tensor tested, Tensor exact, Tensor block, double[] initial, boolean written) {
      this.tested = tested;
      this.exact = exact;
      this.block = block;
      this.initial = initial;
      this.written = written;
    }
  }

  /** Picks the tensor of the back end that runs; of null it is null. */
  @FunctionalInterface
  public interface Side {
    Tensor of(Operand operand);
  }

  /** The call under test. */
  @FunctionalInterface
  public interface Operation {
    void run(Kernels kernels, Side side);
  }

  private final TensorBackend tested;
  private final TensorBackend reference;
  private final Scope testedScope;
  private final Scope referenceScope;
  private final int offset;
  private final List<Operand> operands = new ArrayList<>();

  /**
   * @param offset how many elements stand in front of every operand
   */
  Equivalence(TensorBackend tested, TensorBackend reference, int offset) {
    this.tested = tested;
    this.reference = reference;
    this.testedScope = tested.scope("equivalence");
    this.referenceScope = reference.scope("equivalence");
    this.offset = offset;
  }

  // ---- operands -------------------------------------------------------------------------------

  /** Values that the operation reads. */
  public Operand input(DType dtype, double[] values, int... shape) {
    return operand(dtype, values, false, shape);
  }

  /** Normal values that the operation reads. */
  public Operand normal(DType dtype, double deviation, int... shape) {
    return input(dtype, gaussian(deviation, shape), shape);
  }

  /** Ids, positions or targets that the operation reads. */
  public Operand ints(int[] values, int... shape) {
    return input(DType.I32, Arrays.stream(values).asDoubleStream().toArray(), shape);
  }

  /** What the operation writes whole: NaN before, so that what is left out shows. */
  public Operand output(DType dtype, int... shape) {
    double[] unwritten = new double[(int) Tensor.size(shape)];
    Arrays.fill(unwritten, Double.NaN);
    return operand(dtype, unwritten, true, shape);
  }

  /** Values that the operation changes. */
  public Operand changed(DType dtype, double[] values, int... shape) {
    return operand(dtype, values, true, shape);
  }

  /** Normal values that the operation changes. */
  public Operand changedNormal(DType dtype, double deviation, int... shape) {
    return changed(dtype, gaussian(deviation, shape), shape);
  }

  /** Normal numbers, other ones for every operand. */
  public double[] gaussian(double deviation, int... shape) {
    RandomKey key = RandomKey.of(11).child(operands.size());
    double[] values = new double[(int) Tensor.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = deviation * key.gaussian(i);
    }
    return values;
  }

  /** Numbers in 0 ... bound - 1, other ones for every operand. */
  public int[] below(int bound, int count) {
    RandomKey key = RandomKey.of(12).child(operands.size());
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = key.below(i, bound);
    }
    return values;
  }

  private Operand operand(DType dtype, double[] values, boolean written, int... shape) {
    int size = values.length;
    double[] rounded = Arrays.stream(values).map(value -> round(dtype, value)).toArray();
    Tensor block = testedScope.allocate(dtype, offset + size + GUARDS_BEHIND);
    Tensor view = block.slice(offset, offset + size).reshape(shape);
    Tensor exact = referenceScope.allocate(dtype, shape);
    Operand operand = new Operand(view, exact, block, rounded, written);
    operands.add(operand);
    return operand;
  }

  private static double round(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> (float) value;
      case BF16 -> Bf16.nearest((float) value);
      case F64, I32 -> value;
    };
  }

  // ---- running --------------------------------------------------------------------------------

  /** Runs the operation once on the reference and twice on the back end under test. */
  public void run(Operation operation) {
    operands.forEach(operand -> write(reference, operand.exact, operand.initial));
    operation.run(reference.kernels(), operand -> operand == null ? null : operand.exact);
    runTested(operation);
    operands.forEach(this::keepResult);
    runTested(operation);
    operands.forEach(this::checkSameBits);
  }

  private void runTested(Operation operation) {
    for (Operand operand : operands) {
      double[] guarded = new double[(int) operand.block.size()];
      Arrays.fill(guarded, GUARD);
      System.arraycopy(operand.initial, 0, guarded, offset, operand.initial.length);
      write(tested, operand.block, guarded);
    }
    operation.run(tested.kernels(), operand -> operand == null ? null : operand.tested);
  }

  private void keepResult(Operand operand) {
    double[] block = read(tested, operand.block);
    int end = offset + operand.initial.length;
    operand.result = Arrays.copyOfRange(block, offset, end);
    assertThat(Arrays.copyOfRange(block, 0, offset)).as("in front").isEqualTo(guards(offset));
    assertThat(Arrays.copyOfRange(block, end, block.length))
        .as("behind")
        .isEqualTo(guards(GUARDS_BEHIND));
    if (!operand.written) {
      assertThat(operand.result).as("what is only read").isEqualTo(operand.initial);
    }
  }

  private static double[] guards(int count) {
    double[] guards = new double[count];
    Arrays.fill(guards, GUARD);
    return guards;
  }

  private void checkSameBits(Operand operand) {
    assertThat(read(tested, operand.tested)).as("a second run").isEqualTo(operand.result);
  }

  private static void write(TensorBackend backend, Tensor tensor, double[] values) {
    if (tensor.dtype() == DType.I32) {
      backend.write(Arrays.stream(values).mapToInt(value -> (int) value).toArray(), tensor);
    } else {
      backend.write(values, tensor);
    }
  }

  private static double[] read(TensorBackend backend, Tensor tensor) {
    if (tensor.dtype() != DType.I32) {
      return backend.doubles(tensor);
    }
    int[] values = new int[(int) tensor.size()];
    backend.read(tensor, values);
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  // ---- comparing ------------------------------------------------------------------------------

  /** What the back end under test left in an operand. */
  public double[] result(Operand operand) {
    return operand.result;
  }

  /** Compares every element with the reference's. */
  public void check(String name, Operand operand, Tolerance tolerance) {
    double[] exact = read(reference, operand.exact);
    double[] actual = operand.result;
    double size = rootMeanSquare(exact);
    for (int i = 0; i < exact.length; i++) {
      double allowed = tolerance.allowed(exact[i], size);
      boolean close = Math.abs(actual[i] - exact[i]) <= allowed;
      if (!close && Double.doubleToLongBits(actual[i]) != Double.doubleToLongBits(exact[i])) {
        fail(
            "%s%s at offset %d, element %d: %s, but the reference has %s (difference %.3g, allowed %.3g)",
            name,
            operand.tested,
            offset,
            i,
            actual[i],
            exact[i],
            Math.abs(actual[i] - exact[i]),
            allowed);
      }
    }
  }

  private static double rootMeanSquare(double[] values) {
    double sum = Arrays.stream(values).filter(Double::isFinite).map(value -> value * value).sum();
    return Math.sqrt(sum / Math.max(1, values.length));
  }

  @Override
  public void close() {
    testedScope.close();
    referenceScope.close();
  }
}
