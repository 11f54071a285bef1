package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeTableTest {
  private final TensorBackend backend = TensorBackends.open("reference", 1);
  private final Scope scope = backend.scope("table");

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private RopeTable table(int headDim, int context) {
    RopeConfig rope = new RopeConfig(10_000, RopeScaling.Yarn.of(4, 32));
    ModelConfig config = new ModelConfig(1, 8, 1, 1, headDim, 8, 8, context, 1e-5, rope, true);
    return new RopeTable(config, backend, scope);
  }

  /** Also where a table is written in several parts. */
  @ParameterizedTest
  @CsvSource({"6, 50, 3", "64, 5000, 2500", "65538, 3, 2"})
  void cosinesThenSines(int headDim, int context, int positions) {
    RopeConfig rope = new RopeConfig(10_000, RopeScaling.Yarn.of(4, 32));
    double[] frequencies = rope.inverseFrequencies(headDim);
    double[] values = backend.doubles(table(headDim, context).upTo(positions));
    assertThat(values).hasSizeGreaterThanOrEqualTo(positions * headDim);
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < headDim / 2; i += 1 + headDim / 100) {
        double angle = position * frequencies[i];
        assertThat(values[position * headDim + i]).isEqualTo(Math.cos(angle) * rope.amplitude());
        assertThat(values[position * headDim + headDim / 2 + i])
            .isEqualTo(Math.sin(angle) * rope.amplitude());
      }
    }
  }

  @Test
  void growsWithWhatIsAskedForUpToTheContext() {
    RopeTable table = table(4, 5000);
    Tensor first = table.upTo(1);
    assertThat(table.upTo(first.dim(0))).isSameAs(first);
    Tensor second = table.upTo(first.dim(0) + 1);
    assertThat(second.dim(0)).isEqualTo(2 * first.dim(0));
    assertThat(table.upTo(5000).dim(0)).isEqualTo(5000);
    double[] values = backend.doubles(first);
    assertThat(backend.doubles(second.slice(0, first.dim(0)))).isEqualTo(values);
  }

  /** 2^31 - 1 positions of 128 are a terabyte. */
  @Test
  void whatAContextClaimsIsNotAllocated() {
    assertThat(table(128, Integer.MAX_VALUE).upTo(5).size()).isLessThan(1 << 18);
  }
}
