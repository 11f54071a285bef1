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

  @Test
  void endsAreZeroFiniteOrNotANumber() {
    float[] e = exp(Float.NEGATIVE_INFINITY, -1e30f, -88, 0, 89, 1e30f, Float.NaN);
    assertThat(e[0]).isZero();
    assertThat(e[1]).isZero();
    assertThat(e[2]).isZero();
    assertThat(e[3]).isEqualTo(1);
    assertThat(e[4]).isFinite().isGreaterThan(2e38f);
    assertThat(e[5]).isEqualTo(e[4]);
    assertThat(e[6]).isNaN();
  }
}
