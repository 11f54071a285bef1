package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.ShardSet.Extent;
import java.util.ArrayList;
import java.util.List;

/** {@link Packing#WINDOWS}: sequence i is the i-th window of the stream of documents. */
public final class Windows implements Sequences {
  private final ShardSet shards;
  private final int contextLength;

  /**
   * @param shards stay the caller's to close
   * @throws DataException if they hold no document
   */
  public Windows(ShardSet shards, int contextLength) {
    if (shards.documents() == 0) {
      throw new DataException("the shards hold no document, so there are no sequences");
    }
    this.shards = shards;
    this.contextLength = contextLength;
  }

  @Override
  public ShardSet shards() {
    return shards;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public Packing packing() {
    return Packing.WINDOWS;
  }

  @Override
  public long count() {
    return Math.ceilDiv(shards.tokens(), contextLength);
  }

  @Override
  public List<Piece> pieces(long sequence) {
    long start = Math.multiplyExact(sequence, (long) contextLength);
    long end = Math.min(start + contextLength, shards.tokens());
    List<Piece> pieces = new ArrayList<>();
    for (long document = shards.documentAt(start); start < end; document++) {
      long pieceEnd = Math.min(end, shards.extent(document).end());
      pieces.add(new Piece(document, start, (int) (pieceEnd - start)));
      start = pieceEnd;
    }
    return pieces;
  }

  @Override
  public long cutDocuments() {
    long cut = 0;
    for (long document = 0; document < shards.documents(); document++) {
      Extent extent = shards.extent(document);
      cut += extent.start() / contextLength == (extent.end() - 1) / contextLength ? 0 : 1;
    }
    return cut;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(packing(), contextLength, shards.fingerprint());
  }
}
