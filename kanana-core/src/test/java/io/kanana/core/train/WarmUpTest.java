package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WarmUpTest {
  private static final ModelConfig MODEL =
      new ModelConfig(
          40,
          4_096,
          32,
          8,
          128,
          16_384,
          128_000,
          8_192,
          1e-5,
          new RopeConfig(500_000, new RopeScaling.None()),
          false);

  @ParameterizedTest
  @EnumSource(Precision.class)
  void trainsSomethingSmallWhateverTheModel(Precision precision) {
    assertThatCode(
            () -> {
              WarmUp warmUp = WarmUp.start(MODEL, precision, "cpu");
              warmUp.close();
              warmUp.close();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void whatGoesWrongIsThrownWhenItEnds() {
    WarmUp warmUp = WarmUp.start(MODEL, Precision.F32, "none-of-this-name");
    assertThatThrownBy(warmUp::close)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("none-of-this-name");
  }
}
