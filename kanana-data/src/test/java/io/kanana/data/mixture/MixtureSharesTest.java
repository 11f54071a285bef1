package io.kanana.data.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.Corpora;
import io.kanana.data.batch.BestFitPacking;
import io.kanana.data.batch.BestFitSequences;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.batch.Sequences;
import io.kanana.data.batch.Windows;
import io.kanana.data.shard.ShardSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided of a mixture, and that its batches and its report keep to it. */
class MixtureSharesTest {
  private static final int TIME = 32;

  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Sequences> sequences = new LinkedHashMap<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Sequences add(String name, int documents, int longest, Packing packing) {
    ShardSet set =
        Corpora.shards(
            directory.resolve(name),
            Corpora.random(documents, documents, longest),
            ByteTokenizer.both(),
            1 << 20);
    open.add(set);
    Sequences own = new Windows(set, TIME);
    if (packing == Packing.BEST_FIT) {
      BestFitPacking.write(set, TIME, directory.resolve(name + "-packed"), done -> {});
      BestFitSequences packed = BestFitSequences.open(directory.resolve(name + "-packed"), set);
      open.add(packed);
      own = packed;
    }
    sequences.put(name, own);
    return own;
  }

  private static MixtureConfig config(String yaml) {
    return new Binder(Extensions.of()).bind(MixtureConfig.class, Yaml.read(yaml)).config();
  }

  private MixturePlan plan(Map<String, Double> shares) {
    Map<String, MixturePlan.Domain> domains = new LinkedHashMap<>();
    shares.forEach(
        (name, share) -> domains.put(name, MixturePlan.Domain.of(sequences.get(name), share)));
    Packing packing = sequences.values().iterator().next().packing();
    return new MixturePlan(TIME, packing, 1, domains);
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreSharesOfTokensWhateverThePadding(Packing packing) {
    add("short", 700, 8, packing); // fits well
    add("long", 90, 400, packing);
    add("odd", 300, 7, packing);
    MixtureConfig config =
        config("domains: {short: {weight: 50}, long: {weight: 30}, odd: {weight: 20}}");
    MixturePlan plan = plan(new MixtureShares(config, sequences, 6000, 8).decide(OnLimit.REFUSE));
    MixtureBatches batches = new MixtureBatches(plan, sequences);
    Map<String, Long> tokens = new LinkedHashMap<>();
    Map<String, Long> taken = new LinkedHashMap<>();
    long all = 0;
    for (long i = 0; i < 6000; i++) {
      String domain = batches.origin(i).domain();
      TokenBatch batch = batches.batch(i, 1);
      long own = 0;
      for (int t = 0; t < TIME; t++) {
        // padding attends itself alone and is no byte, no beginning and no end
        own += batch.tokens()[t] != 0 || batch.targets()[t] != TokenBatch.IGNORE ? 1 : 0;
      }
      tokens.merge(domain, own, Long::sum);
      taken.merge(domain, 1L, Long::sum);
      all += own;
    }
    MixtureReport report = MixtureReport.of(config, plan, sequences, 6000);
    double padding = 1 - all / (6000.0 * TIME);
    assertThat(report.padding().orElseThrow()).isCloseTo(padding, offset(0.002));
    for (MixtureReport.Domain domain : report.domains()) {
      MixtureReport.Seen seen = domain.seen().orElseThrow();
      assertThat(seen.taken()).isEqualTo(taken.get(domain.name()));
      assertThat(seen.epochs())
          .isEqualTo(taken.get(domain.name()) / (double) sequences.get(domain.name()).count());
      assertThat(seen.share()).isCloseTo(domain.asked().orElseThrow(), offset(0.001));
      assertThat(tokens.get(domain.name()) / (double) all).isCloseTo(seen.share(), offset(0.002));
    }
  }

  @Test
  void withoutWeightsEverythingIsReadOnce() {
    add("a", 300, 40, Packing.WINDOWS);
    add("b", 50, 40, Packing.WINDOWS);
    long all = sequences.get("a").count() + sequences.get("b").count();
    MixtureConfig config = config("domains: {a: {}, b: {max-epochs: 1}}");
    MixturePlan plan = plan(new MixtureShares(config, sequences, all, 1).decide(OnLimit.REFUSE));
    assertThat(plan.taken("a", all)).isEqualTo(sequences.get("a").count());
    assertThat(plan.taken("b", all)).isEqualTo(sequences.get("b").count());
  }

  @Test
  void aLimitThatWouldBePassedIsRefusedWithWhatCanBeReached() {
    long count = add("code", 100, 40, Packing.WINDOWS).count();
    add("web", 400, 40, Packing.WINDOWS);
    MixtureConfig config =
        config("domains: {code: {weight: 30, max-epochs: 2}, web: {weight: 70}}");
    long run = 10 * count;
    assertThatThrownBy(() -> new MixtureShares(config, sequences, run, 4).decide(OnLimit.REFUSE))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(
            "domains\\.code: 30\\.\\d\\d % of a run of [\\d,]+ sequences is 3\\.0\\d times its [\\d,]+ tokens, more"
                + " than max-epochs 2\\.0; at most 20\\.00 % can be reached: lower its weight, give more"
                + " documents, raise max-epochs, end the run after [\\d,]+ tokens, or set on-limit: rebalance");
    // that share, and that length, are let pass
    MixtureConfig less = config("domains: {code: {weight: 20, max-epochs: 2}, web: {weight: 80}}");
    assertThat(new MixtureShares(less, sequences, run, 4).decide(OnLimit.REFUSE)).hasSize(2);
    assertThat(new MixtureShares(config, sequences, run * 2 / 3, 4).decide(OnLimit.REFUSE))
        .hasSize(2);
  }

  @Test
  void aLimitedDomainGetsItsLimitAndTheOthersTheRestInProportion() {
    long code = add("code", 100, 40, Packing.WINDOWS).count();
    add("web", 400, 40, Packing.WINDOWS);
    add("papers", 300, 40, Packing.WINDOWS);
    MixtureConfig config =
        config(
            "domains: {code: {weight: 50, max-epochs: 2}, web: {weight: 30}, papers: {weight: 20}}");
    long run = 20 * code;
    Map<String, Double> shares =
        new MixtureShares(config, sequences, run, 1).decide(OnLimit.REBALANCE);
    assertThat(shares.get("code")).isCloseTo(2.0 * code / run, offset(1e-9));
    assertThat(shares.get("web") / shares.get("papers")).isCloseTo(1.5, offset(0.02));
    assertThat(shares.values().stream().mapToDouble(x -> x).sum()).isCloseTo(1, offset(1e-12));
    assertThat(plan(shares).taken("code", run)).isBetween(2 * code - 1, 2 * code + 1);
  }

  /** No domain is beyond its limit, and those below it keep their proportions. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void limitsHoldWhateverTheWeights(long seed) {
    RandomKey key = RandomKey.of(seed);
    StringBuilder yaml = new StringBuilder("domains:\n");
    double room = 0;
    for (int i = 0; i < 4; i++) {
      long count = add("d" + i, 20 + key.below(i, 80), 40, Packing.WINDOWS).count();
      double limit = 0.5 + key.uniform(20 + i);
      yaml.append("  d").append(i).append(": {weight: ").append(0.1 + key.uniform(10 + i));
      yaml.append(", max-epochs: ").append(limit).append("}\n");
      room += limit * count;
    }
    MixtureConfig config = config(yaml.toString());
    long run = (long) (room * (0.5 + 0.49 * key.uniform(30)));
    MixtureShares decided = new MixtureShares(config, sequences, run, 1);
    Map<String, Double> asked = decided.asked();
    Map<String, Double> shares = decided.decide(OnLimit.REBALANCE);
    double ratio = 0;
    for (String name : shares.keySet()) {
      double limit =
          config.domains().get(name).maxEpochs().orElseThrow() * sequences.get(name).count();
      assertThat(shares.get(name) * run).isLessThanOrEqualTo(limit + 1.001);
      if (shares.get(name) * run < limit - 1e-6) {
        double own = shares.get(name) / asked.get(name);
        assertThat(ratio == 0 ? own : ratio).isCloseTo(own, offset(1e-9));
        ratio = own;
      }
    }
    assertThat(shares.values().stream().mapToDouble(x -> x).sum()).isCloseTo(1, offset(1e-9));
    long longer = (long) (room * 1.1) + 2;
    assertThatThrownBy(
            () -> new MixtureShares(config, sequences, longer, 1).decide(OnLimit.REBALANCE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("domains: hold at most ");
  }

  @Test
  void aDomainThatIsOnlyMeasuredGetsNothing() {
    add("a", 30, 40, Packing.WINDOWS);
    add("b", 30, 40, Packing.WINDOWS);
    MixtureConfig config = config("domains: {a: {weight: 1, max-epochs: 1}, b: {weight: 0}}");
    long run = sequences.get("a").count();
    assertThat(new MixtureShares(config, sequences, run, 1).decide(OnLimit.REBALANCE))
        .containsExactly(Map.entry("a", 1.0), Map.entry("b", 0.0));
  }
}
