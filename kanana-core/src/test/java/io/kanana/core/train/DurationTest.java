package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import org.junit.jupiter.api.Test;

class DurationTest {
  /** 10 sequences of 8 positions. */
  private static final BatchSource DATA =
      new BatchSource() {
        @Override
        public int contextLength() {
          return 8;
        }

        @Override
        public long epochLength() {
          return 10;
        }

        @Override
        public TokenBatch batch(long firstSequence, int rows) {
          throw new AssertionError("a duration reads no data");
        }

        @Override
        public String fingerprint() {
          return "0";
        }
      };

  @Test
  void countsInWholeSteps() {
    assertThat(Duration.ofSteps(7).inSteps(DATA, BatchSizes.constant(4))).isEqualTo(7);
    assertThat(Duration.ofTokens(64).inSteps(DATA, BatchSizes.constant(4))).isEqualTo(2);
    assertThat(Duration.ofTokens(65).inSteps(DATA, BatchSizes.constant(4))).isEqualTo(3);
    assertThat(Duration.ofTokens(1).inSteps(DATA, BatchSizes.constant(4))).isEqualTo(1);
    assertThat(Duration.ofEpochs(1).inSteps(DATA, BatchSizes.constant(4))).isEqualTo(3);
    assertThat(Duration.ofEpochs(0.5).inSteps(DATA, BatchSizes.constant(5))).isEqualTo(1);
    assertThat(Duration.ofEpochs(2).inSteps(DATA, BatchSizes.constant(5))).isEqualTo(4);
  }

  @Test
  void isOneKeyOfAConfiguration() {
    assertThat(bind("tokens: 100")).isEqualTo(Duration.ofTokens(100)).hasToString("100 tokens");
    assertThat(bind("epochs: 1.5")).isEqualTo(Duration.ofEpochs(1.5));
    refused("{}");
    refused("{steps: 1, tokens: 2}");
    refused("steps: 0");
    refused("epochs: -1.0");
  }

  private static Duration bind(String yaml) {
    ClassLoader loader = DurationTest.class.getClassLoader();
    return new Binder(Extensions.load(loader)).bind(Duration.class, Yaml.read(yaml)).config();
  }

  private static void refused(String yaml) {
    assertThatThrownBy(() -> bind(yaml)).as(yaml).isInstanceOf(ConfigException.class);
  }
}
