package io.kanana.posttrain.arithmetic;

/** What is to be done with two numbers. */
public enum Operation {
  /** a + b. */
  ADD("+", true) {
    @Override
    Sum of(long a, long b) {
      return new Sum(this, a, b, a + b);
    }
  },
  /** One of two numbers is taken off their sum, so that the result is the other, above 0. */
  SUBTRACT("-", false) {
    @Override
    Sum of(long a, long b) {
      return new Sum(this, a + b, a, b);
    }
  },
  /** a times b. */
  MULTIPLY("×", true) {
    @Override
    Sum of(long a, long b) {
      return new Sum(this, a, b, a * b);
    }
  },
  /** The product of two numbers is divided by one of them, so that nothing remains. */
  DIVIDE("÷", false) {
    @Override
    Sum of(long a, long b) {
      return new Sum(this, a * b, a, b);
    }
  };

  private final String sign;
  private final boolean commutes;

  Operation(String sign, boolean commutes) {
    this.sign = sign;
    this.commutes = commutes;
  }

  String sign() {
    return sign;
  }

  /** Whether the other order of the two is the same question. */
  boolean commutes() {
    return commutes;
  }

  /** The sum that two numbers of at least 1 make. */
  abstract Sum of(long a, long b);
}
