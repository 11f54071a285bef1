package io.kanana.data.batch;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.data.shard.MappedFile;
import io.kanana.data.shard.ShardSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@link Packing#BEST_FIT}: sequences as {@link BestFitPacking} wrote them. Mapped, not read;
 * nothing may be used after {@link #close()}.
 */
public final class BestFitSequences implements Sequences, AutoCloseable {
  static final String REMEDY = "remove it, and it is packed again";

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of a piece: its first token, and its length. */
  private static final int PIECE = 12;

  private final ShardSet shards;
  private final Path directory;
  private final PackingManifest manifest;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment pieces;
  private final MemorySegment firsts;

  private BestFitSequences(ShardSet shards, Path directory, PackingManifest manifest) {
    this.shards = shards;
    this.directory = directory;
    this.manifest = manifest;
    try {
      this.pieces = map(BestFitPacking.PIECES, Math.multiplyExact(manifest.pieces(), PIECE));
      this.firsts =
          map(
              BestFitPacking.SEQUENCES,
              Math.multiplyExact(manifest.sequences() + 1, (long) Long.BYTES));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private MemorySegment map(String file, long size) {
    return MappedFile.map(directory.resolve(file), size, REMEDY, arena);
  }

  /**
   * Whether a directory has a packing of these shards.
   *
   * @throws DataException if it has one that this program cannot read
   */
  public static boolean isDone(Path directory, ShardSet shards, int contextLength) {
    if (!Artefact.isArtefact(directory)) {
      return false;
    }
    PackingManifest manifest = PackingManifest.read(directory);
    return manifest.shards().equals(shards.fingerprint())
        && manifest.contextLength() == contextLength;
  }

  /**
   * Opens a packing.
   *
   * @param shards that were packed; stay the caller's to close
   * @throws CheckpointException if the directory is no artefact or is incomplete, or its files are
   *     not as they were written
   * @throws DataException if it is no packing of these shards
   */
  public static BestFitSequences open(Path directory, ShardSet shards) {
    Artefact.open(directory).verify();
    PackingManifest manifest = PackingManifest.read(directory);
    if (!manifest.shards().equals(shards.fingerprint())) {
      throw new DataException(directory + ": is a packing of other token shards; " + REMEDY);
    }
    return new BestFitSequences(shards, directory, manifest);
  }

  @Override
  public ShardSet shards() {
    return shards;
  }

  @Override
  public int contextLength() {
    return manifest.contextLength();
  }

  @Override
  public Packing packing() {
    return Packing.BEST_FIT;
  }

  @Override
  public long count() {
    return manifest.sequences();
  }

  @Override
  public List<Piece> pieces(long sequence) {
    long first = firsts.getAtIndex(LONG, sequence);
    long end = firsts.getAtIndex(LONG, sequence + 1);
    if (first < 0 || end > manifest.pieces()) {
      throw corrupt(sequence);
    }
    List<Piece> found = new ArrayList<>();
    int room = contextLength();
    for (long i = first; i < end; i++) {
      Piece piece = piece(i);
      found.add(piece);
      room -= piece.length();
    }
    if (found.isEmpty() || room < 0) {
      throw corrupt(sequence);
    }
    return found;
  }

  private Piece piece(long index) {
    long start = pieces.get(LONG, index * PIECE);
    int length = pieces.get(INT, index * PIECE + Long.BYTES);
    if (start < 0 || start >= shards.tokens() || length < 1) {
      throw corrupt(index);
    }
    Piece piece = new Piece(shards.documentAt(start), start, length);
    if (start + length > shards.extent(piece.document()).end()) {
      throw corrupt(index);
    }
    return piece;
  }

  private DataException corrupt(long entry) {
    return new DataException(
        String.format(
            Locale.ROOT, "%s: entry %d is not of a packing; %s", directory, entry, REMEDY));
  }

  @Override
  public long cutDocuments() {
    return manifest.cutDocuments();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(
        packing(), PackingManifest.CURRENT, contextLength(), shards.fingerprint());
  }

  @Override
  public void close() {
    arena.close();
  }
}
