package io.kanana.pretrain;

import io.kanana.core.error.ConfigException;
import io.kanana.core.train.BatchSizes;
import io.kanana.data.batch.BestFitPacking;
import io.kanana.data.batch.BestFitSequences;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.batch.Sequences;
import io.kanana.data.batch.Windows;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.MixtureShares;
import io.kanana.data.shard.ShardSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** What a run reads: the sequences of every domain, open, and the plan of how they are mixed. */
final class RunMixture implements AutoCloseable {
  private final DataStage stage;
  private final Map<String, Sequences> sequences = new LinkedHashMap<>();
  private final List<BestFitSequences> packed = new ArrayList<>();

  private RunMixture(DataStage stage) {
    this.stage = stage;
  }

  /**
   * Opens it.
   *
   * @param tokens of every domain; stay the caller's to close
   * @param directory where packings are, or are made
   * @param progress is told how many documents of a domain have been packed
   */
  static RunMixture open(DataStage stage, RunTokens tokens, Path directory, LongConsumer progress) {
    RunMixture mixture = new RunMixture(stage);
    try {
      tokens.domains().forEach((name, own) -> mixture.add(name, own.train(), directory, progress));
      return mixture;
    } catch (RuntimeException e) {
      mixture.close();
      throw e;
    }
  }

  private void add(String name, ShardSet shards, Path directory, LongConsumer progress) {
    if (stage.packing() == Packing.WINDOWS) {
      sequences.put(name, new Windows(shards, stage.contextLength()));
      return;
    }
    Path own = packing(stage, name, directory);
    if (!BestFitSequences.isDone(own, shards, stage.contextLength())) {
      BestFitPacking.write(shards, stage.contextLength(), own, progress);
    }
    BestFitSequences opened = BestFitSequences.open(own, shards);
    packed.add(opened);
    sequences.put(name, opened);
  }

  /** The packing of a domain. */
  private static Path packing(DataStage stage, String name, Path directory) {
    return stage.sources().place(directory.resolve("packed-" + stage.contextLength()), name);
  }

  /** Whether nothing would have to be packed. */
  static boolean isPacked(DataStage stage, RunTokens tokens, Path directory) {
    return stage.packing() == Packing.WINDOWS
        || tokens.domains().entrySet().stream()
            .allMatch(
                own ->
                    BestFitSequences.isDone(
                        packing(stage, own.getKey(), directory),
                        own.getValue().train(),
                        stage.contextLength()));
  }

  /** By the name of the domain, in the order of the configuration. */
  Map<String, Sequences> sequences() {
    return Collections.unmodifiableMap(sequences);
  }

  /** How many sequences the whole run takes. */
  long runSequences() {
    BatchSizes batches = stage.batches();
    return batches.before(stage.until().inSteps(stage.contextLength(), epochLength(), batches));
  }

  private long epochLength() {
    return sequences.keySet().stream()
        .filter(name -> config().domains().get(name).weight().orElse(1) > 0)
        .mapToLong(name -> sequences.get(name).count())
        .sum();
  }

  private MixtureConfig config() {
    return stage.sources().mixture();
  }

  /**
   * Decides how much of each domain the run reads.
   *
   * @throws ConfigException if that is more of one than its limit allows
   */
  MixturePlan plan() {
    try {
      return plan(shares().decide(stage.onLimit()));
    } catch (ConfigException e) {
      throw stage.sources().below(e);
    }
  }

  /** The plan if no domain had a limit. */
  MixturePlan unlimitedPlan() {
    return plan(shares().asked());
  }

  private MixtureShares shares() {
    return new MixtureShares(config(), sequences, runSequences(), stage.batches().full());
  }

  private MixturePlan plan(Map<String, Double> shares) {
    Map<String, MixturePlan.Domain> domains = new LinkedHashMap<>();
    shares.forEach(
        (name, share) -> domains.put(name, MixturePlan.Domain.of(sequences.get(name), share)));
    return new MixturePlan(
        stage.contextLength(), stage.packing(), config().seed().orElse(stage.seed()), domains);
  }

  /**
   * The sequences of a plan, in its order.
   *
   * @throws ConfigException if they cannot be dealt as it says
   */
  MixtureBatches batches(MixturePlan plan) {
    try {
      return new MixtureBatches(plan, sequences);
    } catch (ConfigException e) {
      throw stage.sources().below(e);
    }
  }

  @Override
  public void close() {
    packed.forEach(BestFitSequences::close);
  }
}
