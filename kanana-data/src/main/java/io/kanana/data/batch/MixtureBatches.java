package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.Interleaving.Turn;
import io.kanana.data.shard.ShardSet;
import java.util.List;
import java.util.Map;

/**
 * The sequences of a {@link MixturePlan}, without end. Each domain gets its share of them, spread
 * evenly, and gives its own in an order that is a new permutation every time it has gone through
 * all of them: no sequence comes again before every other of its domain has come. Which tokens a
 * sequence holds follows from the plan, the shards and the sequence's index alone, in constant
 * time. Safe for use by several threads.
 */
public final class MixtureBatches implements BatchSource {
  /**
   * Where a sequence of a run comes from.
   *
   * @param domain the domain whose turn it is
   * @param sequence which of the domain's own sequences
   * @param pass how often the domain had given all of them before
   */
  public record Origin(String domain, long sequence, long pass) {}

  private final MixturePlan plan;
  private final List<String> names;
  private final List<Sequences> sequences;
  private final RandomKey key;
  private final Interleaving interleaving;

  /**
   * @param sequences of every domain of the plan; their shards stay the caller's to close
   * @throws DataException if different tokenizers made them
   */
  public MixtureBatches(MixturePlan plan, Map<String, ? extends Sequences> sequences) {
    this.plan = plan;
    this.names = List.copyOf(plan.domains().keySet());
    this.sequences = names.stream().<Sequences>map(sequences::get).toList();
    this.key = RandomKey.of(plan.seed()).child("data-order");
    this.interleaving = plan.interleaving();
    for (int i = 0; i < names.size(); i++) {
      requirePlanned(names.get(i), this.sequences.get(i));
    }
    checkTokenizers();
  }

  /** The mixture of one set of shards, in windows. */
  public static MixtureBatches of(ShardSet shards, int contextLength, long seed) {
    Windows windows = new Windows(shards, contextLength);
    MixturePlan plan =
        new MixturePlan(
            contextLength,
            Packing.WINDOWS,
            seed,
            Map.of("documents", MixturePlan.Domain.of(windows, 1)));
    return new MixtureBatches(plan, Map.of("documents", windows));
  }

  private void requirePlanned(String name, Sequences found) {
    MixturePlan.Domain planned = plan.domains().get(name);
    if (!planned.equals(MixturePlan.Domain.of(found, planned.share()))
        || found.contextLength() != plan.contextLength()
        || found.packing() != plan.packing()) {
      throw new IllegalArgumentException(name + " has other sequences than the plan says");
    }
  }

  private void checkTokenizers() {
    List<String> tokenizers =
        sequences.stream().map(s -> s.shards().manifest().tokenizer()).distinct().toList();
    if (tokenizers.size() > 1) {
      throw new DataException(
          "the shards were made with different tokenizers ("
              + String.join(", ", tokenizers)
              + "); tokenize them again with one");
    }
  }

  @Override
  public int contextLength() {
    return plan.contextLength();
  }

  @Override
  public long epochLength() {
    return plan.epochLength();
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    PackedRows packed = new PackedRows(rows, plan.contextLength());
    for (int row = 0; row < rows; row++) {
      Turn turn = interleaving.turn(firstSequence + row);
      packed.fill(row, sequences.get(turn.component()), ownSequence(turn));
    }
    return packed.batch();
  }

  /** Where the n-th sequence of the run comes from. */
  public Origin origin(long sequence) {
    Turn turn = interleaving.turn(sequence);
    long pass = turn.index() / sequences.get(turn.component()).count();
    return new Origin(names.get(turn.component()), ownSequence(turn), pass);
  }

  /** Which of its domain's sequences a turn takes. */
  private long ownSequence(Turn turn) {
    int component = turn.component();
    long size = sequences.get(component).count();
    RandomKey order = key.child(component).child(turn.index() / size);
    return new KeyedPermutation(order, size).at(turn.index() % size);
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(plan, sequences.stream().map(Sequences::fingerprint).toList());
  }
}
