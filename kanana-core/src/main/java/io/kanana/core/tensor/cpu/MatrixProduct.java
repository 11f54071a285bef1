package io.kanana.core.tensor.cpu;

/** Dense matrix products on the threads of a back end. */
interface MatrixProduct extends AutoCloseable {
  /**
   * out = op(a) op(b), or out += with {@code accumulate}; all dense and row-major.
   *
   * @param a [m, k], or [k, m] transposed
   * @param b [k, n], or [n, k] transposed
   * @param bf16 whether a and b are BF16 rather than F32
   * @param out [m, n]; F32
   */
  void multiply(
      int m,
      int n,
      int k,
      long a,
      boolean transposeA,
      long b,
      boolean transposeB,
      boolean bf16,
      long out,
      boolean accumulate);

  /** For people: library, version, instruction set. */
  String description();

  @Override
  void close();
}
