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

  /** A piece, and the token after it. */
  private final int[] ids;

  private long textBytes;

  PackedRows(int rows, int contextLength) {
    int size = Math.multiplyExact(rows, contextLength);
    this.rows = rows;
    this.contextLength = contextLength;
    this.tokens = new int[size];
    this.targets = new int[size];
    this.positions = new int[size];
    this.documentStarts = new int[size];
    this.ids = new int[contextLength + 1];
    Arrays.fill(targets, TokenBatch.IGNORE);
  }

  /** Fills a row with a sequence. */
  void fill(int row, Sequences sequences, long sequence) {
    int filled = 0;
    for (Piece piece : sequences.pieces(sequence)) {
      place(row, sequences.shards(), piece, filled);
      filled += piece.length();
    }
    pad(row, filled);
  }

  private void place(int row, ShardSet shards, Piece piece, int from) {
    Extent extent = shards.extent(piece.document());
    // the document's last token predicts nothing: what follows it is another document
    int predicting = (int) Math.min(piece.length(), extent.end() - 1 - piece.start());
    shards.read(piece.start(), ids, 0, Math.max(piece.length(), predicting + 1));
    int offset = row * contextLength + from;
    System.arraycopy(ids, 0, tokens, offset, piece.length());
    System.arraycopy(ids, 1, targets, offset, predicting);
    for (int t = 0; t < piece.length(); t++) {
      positions[offset + t] = t;
      documentStarts[offset + t] = from;
    }
    textBytes +=
        textShare(shards, extent, piece.start() + predicting)
            - textShare(shards, extent, piece.start());
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
