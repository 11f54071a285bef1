package io.kanana.posttrain.arithmetic;

/**
 * {@code left operation right = result}.
 *
 * @param left at least 1
 * @param right at least 1
 */
record Sum(Operation operation, long left, long right, long result) {
  /** The sum as it is written, without its result. */
  String expression() {
    return left + " " + operation.sign() + " " + right;
  }
}
