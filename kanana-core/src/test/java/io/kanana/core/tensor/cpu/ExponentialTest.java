package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("vector-width")
class ExponentialTest {
  private static float[] exp(float... values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      Exponential.apply(x.address(), x.address(), values.length, 1, 0);
      return x.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Test
  void isWithinOneUnitOfTheLastPlace() {
    float[] x = new float[100_003];
    for (int i = 0; i < x.length; i++) {
      x[i] = -87 + 175f * i / x.length;
    }
    float[] e = exp(x);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.exp(x[i]);
      assertThat(Math.abs(e[i] - exact)).as("exp(%s)", x[i]).isLessThan(Math.ulp((float) exact));
    }
  }

  /** As many of each as pairs of vectors take, and some that are left over. */
  @Test
  void endsAreZeroFiniteOrNotANumber() {
    float[] ends = {Float.NEGATIVE_INFINITY, -1e30f, -88, -0f, 89, 1e30f, Float.NaN};
    float[] x = new float[7 * 33];
    for (int i = 0; i < x.length; i++) {
      x[i] = ends[i % 7];
    }
    float[] e = exp(x);
    for (int i = 0; i < x.length; i += 7) {
      assertThat(e[i]).isZero();
      assertThat(e[i + 1]).isZero();
      assertThat(e[i + 2]).isZero();
      assertThat(e[i + 3]).isEqualTo(1);
      assertThat(e[i + 4]).isFinite().isGreaterThan(2e38f);
      assertThat(e[i + 5]).isEqualTo(e[4]);
      assertThat(e[i + 6]).isNaN();
    }
  }
}
