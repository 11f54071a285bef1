package io.kanana.core.train;

/**
 * The sequences of a run, each addressed by its index from the start of the run, so that resuming
 * seeks and the order does not depend on how sequences are grouped into micro-batches.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface BatchSource {
  /** T: positions of a sequence. */
  int contextLength();

  /** Sequences in one pass over the data; at least 1. */
  long epochLength();

  /**
   * The sequences {@code firstSequence .. firstSequence + rows - 1}, one per row: a pure function
   * of the source's fingerprint and the two arguments.
   *
   * <p>A source that repeats its data takes any non-negative index; a source of one pass (held-out
   * data) refuses rows at or after {@link #epochLength()} with an {@link
   * IndexOutOfBoundsException}.
   */
  TokenBatch batch(long firstSequence, int rows);

  /**
   * What the sequences depend on (data, tokenizer, plan, seed) as a short hexadecimal digest: equal
   * fingerprints give equal sequences.
   */
  String fingerprint();
}
