package io.kanana.posttrain.arithmetic;

import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;

/**
 * All sums of one operation in an order that a key chooses, each once; of an operation that
 * commutes, one of the two orders of its numbers. No sum takes memory. Immutable.
 */
final class SumSpace {
  private final Operation operation;

  /** The numbers are 1 .. largest; odd, which the numbering of pairs without order needs. */
  private final long largest;

  private final KeyedPermutation order;
  private final RandomKey swaps;

  /**
   * @param digits the most digits of a number, 1 to 6
   */
  SumSpace(Operation operation, int digits, RandomKey key) {
    this.operation = operation;
    this.largest = largest(digits);
    RandomKey own = key.child(operation.name());
    this.order = new KeyedPermutation(own.child("order"), size(operation, digits));
    this.swaps = own.child("swaps");
  }

  private static long largest(int digits) {
    return Math.powExact(10L, digits) - 1;
  }

  /** How many sums there are. */
  static long size(Operation operation, int digits) {
    long n = largest(digits);
    return operation.commutes() ? n * (n + 1) / 2 : n * n;
  }

  /** The sum at an index, from 0. */
  Sum at(long index) {
    long number = order.at(index);
    long row = number / largest;
    long column = number % largest;
    if (!operation.commutes()) {
      return operation.of(row + 1, column + 1);
    }
    // (n + 1) / 2 rows of n hold the pairs row <= column: what is left of a row's diagonal stands
    // for the pairs of the row as far from the end
    boolean upper = column >= row;
    long a = (upper ? row : largest - row) + 1;
    long b = (upper ? column : largest - row + column) + 1;
    return swaps.below(index, 2) == 0 ? operation.of(a, b) : operation.of(b, a);
  }
}
