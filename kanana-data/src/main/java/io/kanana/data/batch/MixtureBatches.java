package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.Interleaving.Turn;
import io.kanana.data.shard.ShardSet;
import java.util.List;
import java.util.Locale;

/**
 * The sequences of a {@link MixturePlan}, without end. An epoch has as many sequences as the shards
 * of positive weight hold; each component gets its share of them, spread evenly, and takes its own
 * sequences in an order that is a new permutation every time it has gone through all of them. Which
 * tokens a sequence holds follows from the plan, the shards and the sequence's index alone. Safe
 * for use by several threads.
 */
public final class MixtureBatches implements BatchSource {
  /** Beyond it, products of two numbers of sequences do not fit a long. */
  private static final long MOST_SEQUENCES = 3_000_000_000L;

  private final MixturePlan plan;
  private final List<ShardSet> shards;
  private final RandomKey key;
  private final long epochLength;
  private final Interleaving interleaving;

  /**
   * @param shards one for each component of the plan, in its order; stay the caller's to close
   */
  public MixtureBatches(MixturePlan plan, List<ShardSet> shards) {
    if (shards.size() != plan.components().size()) {
      throw new IllegalArgumentException(
          plan.components().size() + " components need as many shard sets, got " + shards.size());
    }
    this.plan = plan;
    this.shards = List.copyOf(shards);
    this.key = RandomKey.of(plan.seed()).child("data-order");
    checkTokenizers();
    double[] weights =
        plan.components().stream().mapToDouble(MixturePlan.Component::weight).toArray();
    this.epochLength = sequences(weights);
    this.interleaving = new Interleaving(Interleaving.quotas(weights, epochLength));
  }

  /** The mixture of one set of shards. */
  public static MixtureBatches of(ShardSet shards, int contextLength, long seed) {
    MixturePlan plan =
        new MixturePlan(contextLength, seed, List.of(new MixturePlan.Component("train", 1)));
    return new MixtureBatches(plan, List.of(shards));
  }

  private void checkTokenizers() {
    List<String> tokenizers =
        shards.stream().map(s -> s.manifest().tokenizer()).distinct().toList();
    if (tokenizers.size() > 1) {
      throw new DataException(
          "the shards were made with different tokenizers ("
              + String.join(", ", tokenizers)
              + "); tokenize them again with one");
    }
  }

  private long sequences(double[] weights) {
    long sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        sum += sequences(i);
      }
    }
    if (sum > MOST_SEQUENCES) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the shards hold %d sequences of %d tokens; at most %d can be mixed, so take longer ones",
              sum,
              plan.contextLength(),
              MOST_SEQUENCES));
    }
    return sum;
  }

  private long sequences(int component) {
    ShardSet set = shards.get(component);
    if (set.documents() == 0) {
      throw new DataException(
          plan.components().get(component).shards() + ": the shards hold no document");
    }
    return PackedRows.sequences(set, plan.contextLength());
  }

  @Override
  public int contextLength() {
    return plan.contextLength();
  }

  @Override
  public long epochLength() {
    return epochLength;
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    PackedRows packed = new PackedRows(rows, plan.contextLength());
    for (int row = 0; row < rows; row++) {
      long sequence = firstSequence + row;
      Turn turn = interleaving.turn(sequence % epochLength);
      packed.fill(row, shards.get(turn.component()), ownSequence(turn, sequence / epochLength));
    }
    return packed.batch();
  }

  /** Which of its component's sequences a turn takes. */
  private long ownSequence(Turn turn, long epoch) {
    int component = turn.component();
    long size = PackedRows.sequences(shards.get(component), plan.contextLength());
    long taken = Math.multiplyExact(epoch, interleaving.quota(component)) + turn.index();
    RandomKey order = key.child(component).child(taken / size);
    return new KeyedPermutation(order, size).at(taken % size);
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(plan, shards.stream().map(ShardSet::fingerprint).toList());
  }
}
