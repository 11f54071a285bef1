package io.kanana.data.batch;

import io.kanana.core.train.TokenBatch;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.ShardSet.Extent;
import java.util.Arrays;

/** Rows of a {@link TokenBatch} while it is filled; for one thread. */
final class PackedRows {
  private final int rows;
  private final int contextLength;
  private final int[] tokens;
  private final int[] targets;
  private final int[] positions;
  private final int[] documentStarts;
  private final int[] window;
  private long textBytes;

  PackedRows(int rows, int contextLength) {
    int size = Math.multiplyExact(rows, contextLength);
    this.rows = rows;
    this.contextLength = contextLength;
    this.tokens = new int[size];
    this.targets = new int[size];
    this.positions = new int[size];
    this.documentStarts = new int[size];
    this.window = new int[contextLength + 1];
    Arrays.fill(targets, TokenBatch.IGNORE);
  }

  /** How many rows a stream of tokens fills; the last may be padded. */
  static long sequences(ShardSet shards, int contextLength) {
    return Math.ceilDiv(shards.tokens(), contextLength);
  }

  /** Fills a row with the {@code sequence}-th window of the stream. */
  void fill(int row, ShardSet shards, long sequence) {
    long first = Math.multiplyExact(sequence, (long) contextLength);
    int length = (int) Math.min(contextLength, shards.tokens() - first);
    int readable = (int) Math.min(length + 1L, shards.tokens() - first);
    shards.read(first, window, 0, readable);
    System.arraycopy(window, 0, tokens, row * contextLength, length);
    long document = shards.documentAt(first);
    int filled = 0;
    while (filled < length) {
      filled = place(row, shards, document++, first, filled, length);
    }
    pad(row, length);
  }

  /** Places the part of a document that lies in the window; gives the position after it. */
  private int place(int row, ShardSet shards, long document, long first, int from, int length) {
    Extent extent = shards.extent(document);
    int to = (int) Math.min(length, extent.end() - first);
    int offset = row * contextLength;
    for (int t = from; t < to; t++) {
      positions[offset + t] = t - from;
      documentStarts[offset + t] = from;
    }
    // the document's last token predicts nothing: what follows it is another document
    int predicting = (int) Math.min(to, extent.end() - 1 - first);
    System.arraycopy(window, from + 1, targets, offset + from, predicting - from);
    textBytes +=
        textShare(shards, extent, first + predicting) - textShare(shards, extent, first + from);
    return to;
  }

  /** Bytes of a document's text that its tokens up to and including {@code token} stand for. */
  private static long textShare(ShardSet shards, Extent extent, long token) {
    int before = shards.manifest().beginOfText() ? 1 : 0;
    int after = shards.manifest().endOfText() ? 1 : 0;
    long all = extent.end() - extent.start() - before - after;
    long upTo = Math.clamp(token + 1 - extent.start() - before, 0, all);
    return all == 0 ? 0 : extent.textBytes() * upTo / all;
  }

  private void pad(int row, int length) {
    for (int t = length; t < contextLength; t++) {
      documentStarts[row * contextLength + t] = t;
    }
  }

  TokenBatch batch() {
    return new TokenBatch(
        rows, contextLength, tokens, targets, positions, documentStarts, textBytes);
  }
}
