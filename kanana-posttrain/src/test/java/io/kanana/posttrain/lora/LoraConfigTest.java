package io.kanana.posttrain.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.config.Binder;
import io.kanana.core.config.OpenParts;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Projection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraConfigTest {
  private static LoraConfig read(String yaml) {
    return new Binder(OpenParts.NONE).bind(LoraConfig.class, Yaml.read(yaml)).config();
  }

  @Test
  void isWrittenInAFile() {
    LoraConfig config =
        read("{rank: 16, alpha: 32, rank-stabilised: false, targets: [q-proj, down-proj]}");
    assertThat(config.targets()).containsExactly(Projection.Q_PROJ, Projection.DOWN_PROJ);
    assertThat(config.shape().scale()).isEqualTo(2);
    LoraConfig stabilised = new LoraConfig(16, 32, true, config.targets());
    assertThat(stabilised.shape().scale()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 32 | q-proj | rank: must be from 1 to 4096, got 0",
        "5000 | 32 | q-proj | rank: must be from 1 to 4096, got 5000",
        "16 | 0 | q-proj | alpha: must be > 0, got 0.0",
        "16 | 32 | ' ' | targets: must name at least one matrix",
        "16 | 32 | 'q-proj, q-proj' | targets: must name each matrix once",
        "16 | 32 | lm-head | must be one of q-proj, k-proj, v-proj, o-proj, gate-proj, up-proj, down-proj",
      })
  void whatCannotBeIsRefused(String rank, String alpha, String targets, String message) {
    String yaml =
        "{rank: RANK, alpha: ALPHA, rank-stabilised: false, targets: [TARGETS]}"
            .replace("RANK", rank)
            .replace("ALPHA", alpha)
            .replace("TARGETS", targets.strip());
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
