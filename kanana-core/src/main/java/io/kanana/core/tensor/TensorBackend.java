package io.kanana.core.tensor;

/**
 * A kind of memory and the kernels that work on it. A program uses one; tensors of two back ends do
 * not mix.
 *
 * <p>Kernels may return before they have finished: only the {@code read} methods wait. Not safe for
 * use by several threads at once.
 */
public interface TensorBackend extends AutoCloseable {
  /** The name under which it is chosen: {@code cpu}. */
  String name();

  /** One line for people: libraries with versions, instruction set, threads. */
  String description();

  /** The operations; arguments are checked (see {@link CheckedKernels}). */
  Kernels kernels();

  /** The memory behind every scope of this back end. */
  MemoryPool pool();

  /** A new owner of tensors; {@code name} appears in errors. */
  default Scope scope(String name) {
    return new Scope(name, pool());
  }

  /** Copies to a tensor of any floating dtype, rounding to nearest even. */
  void write(float[] source, Tensor out);

  /** Copies to a tensor of any floating dtype, rounding to nearest even. */
  void write(double[] source, Tensor out);

  /** Copies to an I32 tensor. */
  void write(int[] source, Tensor out);

  /**
   * Copies from a tensor of any floating dtype, after everything that was asked before has
   * finished.
   */
  void read(Tensor source, float[] out);

  /**
   * Copies from a tensor of any floating dtype, after everything that was asked before has
   * finished.
   */
  void read(Tensor source, double[] out);

  /** Copies from an I32 tensor, after everything that was asked before has finished. */
  void read(Tensor source, int[] out);

  /** The elements of a floating tensor; waits. */
  default float[] floats(Tensor source) {
    float[] out = new float[Math.toIntExact(source.size())];
    read(source, out);
    return out;
  }

  /** The elements of a floating tensor; waits. */
  default double[] doubles(Tensor source) {
    double[] out = new double[Math.toIntExact(source.size())];
    read(source, out);
    return out;
  }

  @Override
  void close();
}
