package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.BestFitDecreasing;
import io.kanana.data.batch.KeyedPermutation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Pairs of answers packed into rows by best fit: chosen answer, rejected answer, the next pair,
 * each a document of its own that does not see the others. A pair is never cut. Targets are the
 * answers' tokens. With a key rows come in an order that is a new permutation in every pass,
 * without end; without one there is a single pass. Safe for use by several threads.
 */
public final class PairBatches implements BatchSource {
  /**
   * Where a pair stands.
   *
   * @param pair its index among all pairs
   * @param chosen the position of the chosen document's first token, in the batch
   * @param rejected that of the rejected document
   */
  record Placed(int pair, int chosen, int rejected) {}

  private final List<PairTokens> pairs;
  private final int contextLength;
  private final Optional<RandomKey> key;
  private final int[] order;
  private final int[] firsts;

  /**
   * @param pairs at least one, each of at most {@code contextLength} tokens
   */
  public PairBatches(List<PairTokens> pairs, int contextLength, Optional<RandomKey> key) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("no pairs");
    }
    this.pairs = List.copyOf(pairs);
    this.contextLength = contextLength;
    this.key = key;
    int[] sizes = pairs.stream().mapToInt(PairTokens::length).toArray();
    requireFit(Arrays.stream(sizes).max().orElseThrow());
    BestFitDecreasing packing = new BestFitDecreasing(sizes, contextLength);
    this.order = packing.byBin();
    this.firsts = packing.firsts();
  }

  private void requireFit(int longest) {
    if (longest > contextLength) {
      throw new IllegalArgumentException(
          "a pair has " + longest + " tokens, but a row only " + contextLength);
    }
  }

  /** All pairs, in the order of their indices. */
  List<PairTokens> pairs() {
    return pairs;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public long epochLength() {
    return firsts.length - 1L;
  }

  /** The row of the packing that a sequence of the run is. */
  private int row(long sequence) {
    long rows = epochLength();
    if (key.isEmpty()) {
      return Math.toIntExact(Objects.checkIndex(sequence, rows));
    }
    RandomKey pass = key.get().child(sequence / rows);
    return Math.toIntExact(new KeyedPermutation(pass, rows).at(sequence % rows));
  }

  /** The pairs of some rows, in the order in which they stand there. */
  List<Placed> placed(long firstSequence, int rows) {
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int row = row(firstSequence + i);
      int position = i * contextLength;
      for (int k = firsts[row]; k < firsts[row + 1]; k++) {
        PairTokens pair = pairs.get(order[k]);
        int rejected = position + pair.chosen().length();
        placed.add(new Placed(order[k], position, rejected));
        position += pair.length();
      }
    }
    return placed;
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    PairRows filled = new PairRows(rows, contextLength);
    for (Placed placed : placed(firstSequence, rows)) {
      PairTokens pair = pairs.get(placed.pair());
      filled.put(pair.chosen(), placed.chosen());
      filled.put(pair.rejected(), placed.rejected());
    }
    return filled.batch();
  }

  @Override
  public String fingerprint() {
    Sha256 hash = new Sha256();
    add(hash, contextLength);
    hash.add(number(key.isPresent() ? key.get().value() : -1));
    for (PairTokens pair : pairs) {
      add(hash, pair.chosen());
      add(hash, pair.rejected());
      hash.add(number(Double.doubleToLongBits(pair.margin())));
    }
    return hash.hex().substring(0, 32);
  }

  private static ByteBuffer number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
  }

  private static void add(Sha256 hash, AnswerTokens answer) {
    add(hash, answer.answered());
    add(hash, answer.ids());
  }

  private static void add(Sha256 hash, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (values.length + 1));
    bytes.putInt(values.length);
    bytes.asIntBuffer().put(values);
    hash.add(bytes.rewind());
  }
}
