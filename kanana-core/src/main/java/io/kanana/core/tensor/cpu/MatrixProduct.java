package io.kanana.core.tensor.cpu;

/**
 * Matrix products on the threads of a back end.
 *
 * <p>A product is C = op(A) op(B), or C += with {@code accumulate}: A is [m, k], or stored [k, m]
 * and transposed; B is [k, n], or stored [n, k] and transposed; C is [m, n] in F32. A stride is the
 * number of elements from one stored row to the next.
 */
interface MatrixProduct extends AutoCloseable {
  /**
   * A product that all threads share.
   *
   * @param bf16 whether A and B are BF16 rather than F32
   */
  void multiply(
      int m,
      int n,
      int k,
      long a,
      int strideA,
      boolean transposeA,
      long b,
      int strideB,
      boolean transposeB,
      boolean bf16,
      long c,
      int strideC,
      boolean accumulate);

  /** A product on the calling thread, which is the given one of {@link Workers}. */
  void multiplyBlock(
      int worker,
      int m,
      int n,
      int k,
      long a,
      int strideA,
      boolean transposeA,
      long b,
      int strideB,
      boolean transposeB,
      boolean bf16,
      long c,
      int strideC,
      boolean accumulate);

  /** For people: library, version, instruction set. */
  String description();

  @Override
  void close();
}
