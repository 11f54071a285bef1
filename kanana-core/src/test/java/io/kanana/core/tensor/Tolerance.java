package io.kanana.core.tensor;

/**
 * How far a computed element may lie from the exact one: {@code relative * (|exact| + rms)}, with
 * the root mean square of the exact tensor standing for the size of terms that cancelled.
 *
 * <p>Bounds follow from the unit roundoff of the dtype, 2^-24 for F32 and 2^-8 for BF16, and are a
 * few standard deviations wide: a sum of n terms of random sign rounds n times, each time by about
 * sqrt(n) units of a term, so its error is about n roundoffs of a term, which is sqrt(n) roundoffs
 * of the sum. A kernel that keeps a sum in BF16, or leaves out one term, is far outside. What is
 * smaller than 2^-100 may be flushed to zero.
 */
public record Tolerance(double relative) {
  private static final double NOTHING = 0x1p-100;
  private static final double F32_ROUNDOFF = 0x1p-24;
  private static final double BF16_ROUNDOFF = 0x1p-8;

  /** No rounding at all: copies. */
  public static final Tolerance EXACT = new Tolerance(0);

  /** A few operations in F32 per element, of which each may be a unit in the last place off. */
  public static Tolerance operations(int count) {
    return new Tolerance(2 * count * F32_ROUNDOFF);
  }

  /** A sum of products in F32, in any order. */
  public static Tolerance sum(int terms) {
    return new Tolerance((16 + 4 * Math.sqrt(terms)) * F32_ROUNDOFF);
  }

  /** An exponential: what is absolute in the exponent is relative in the result. */
  public static Tolerance exponential(Tolerance exponent, double size) {
    return operations(8).plus(new Tolerance(exponent.relative * size));
  }

  /** One more rounding where the result is kept in BF16. */
  public Tolerance storedAs(DType dtype) {
    return dtype == DType.BF16 ? plus(new Tolerance(BF16_ROUNDOFF)) : this;
  }

  /** One more rounding of each term where an operand on the way to a sum is kept in BF16. */
  public Tolerance throughOperandsOf(DType dtype) {
    return dtype == DType.BF16 ? plus(new Tolerance(4 * BF16_ROUNDOFF)) : this;
  }

  public Tolerance plus(Tolerance other) {
    return new Tolerance(relative + other.relative);
  }

  double allowed(double exact, double rootMeanSquare) {
    double allowed = relative * (Math.abs(exact) + rootMeanSquare);
    return relative == 0 ? 0 : Math.max(NOTHING, allowed);
  }
}
