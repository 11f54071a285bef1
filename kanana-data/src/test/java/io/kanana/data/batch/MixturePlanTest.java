package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.config.Binder;
import io.kanana.core.config.OpenParts;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixturePlanTest {
  private static MixturePlan.Domain domain(long sequences, double share) {
    return new MixturePlan.Domain("s" + sequences, sequences, 15 * sequences, sequences, share);
  }

  private static MixturePlan plan(Map<String, MixturePlan.Domain> domains) {
    return new MixturePlan(16, Packing.BEST_FIT, -5, domains);
  }

  @Test
  void itsYamlBindsToTheSamePlan() {
    MixturePlan plan = plan(Map.of("web", domain(1000, 2.0 / 3), "code", domain(70, 1.0 / 3)));
    assertThat(
            new Binder(OpenParts.NONE).bind(MixturePlan.class, Yaml.read(plan.toYaml())).config())
        .isEqualTo(plan);
  }

  @Test
  void theOrderOfDomainsChangesNothing() {
    Map<String, MixturePlan.Domain> turned = new LinkedHashMap<>();
    turned.put("web", domain(1000, 0.7));
    turned.put("code", domain(70, 0.3));
    Map<String, MixturePlan.Domain> domains = new LinkedHashMap<>();
    domains.put("code", domain(70, 0.3));
    domains.put("web", domain(1000, 0.7));
    assertThat(plan(turned)).hasToString(plan(domains).toString());
    assertThat(plan(turned).toYaml()).isEqualTo(plan(domains).toYaml());
  }

  @Test
  void whatIsTakenAddsUpAndIsTheShare() {
    MixturePlan plan =
        plan(Map.of("a", domain(1000, 67.8), "b", domain(70, 31.2), "none", domain(5, 0)));
    for (long n : new long[] {0, 1, 7, 1070, 123_456, 7_000_000_000L}) {
      assertThat(plan.taken("a", n) + plan.taken("b", n)).isEqualTo(n);
      assertThat(plan.taken("none", n)).isZero();
      assertThat((double) plan.taken("b", n))
          .isBetween(31.2 / 99 * n - 2 - n * 1e-6, 31.2 / 99 * n + 2 + n * 1e-6);
    }
    assertThat(plan.epochLength()).isEqualTo(1070);
  }

  @Test
  void whatCannotBeDealtIsRefused() {
    assertThatThrownBy(() -> plan(Map.of("a", domain(10, 1), "b", domain(10, 1e-9))).interleaving())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("domains.b: is less than one sequence in 10485")
        .hasMessageContaining("give it a larger share, or none");
    assertThatThrownBy(() -> plan(Map.of("a", domain(4_000_000_000L, 1))).interleaving())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("domains: have 4000000000 sequences of 16 tokens");
    assertThatThrownBy(() -> plan(Map.of("a", domain(10, 0))))
        .hasMessage("domains: must have at least one with a share above 0");
  }
}
