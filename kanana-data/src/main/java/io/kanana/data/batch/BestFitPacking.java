package io.kanana.data.batch;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.shard.NumberFile;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.ShardSet.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Packs the documents of a set of shards by best fit ({@link Packing#BEST_FIT}) and writes which
 * pieces stand in which sequence, as an artefact beside the shards that {@link BestFitSequences}
 * maps: 12 bytes a piece and 8 a sequence.
 *
 * <p>Documents are taken in their order. Each gives as many whole sequences as it has; the rest of
 * it waits, until a block of such rests is packed by itself, so that memory does not grow with the
 * corpus. The result depends on the shards, the context length and the size of a block alone.
 */
public final class BestFitPacking {
  /** The kind of the artefact. */
  public static final String KIND = "packing";

  /** Where pieces lie in the stream. */
  static final String PIECES = "pieces.index";

  /** The first piece of each sequence, and at the end the number of pieces. */
  static final String SEQUENCES = "sequences.index";

  /** Rests that are packed together: some 40 MB, and more than enough for almost every fit. */
  private static final int BLOCK = 1 << 20;

  private final ShardSet shards;
  private final int contextLength;

  private final long[] starts;
  private final int[] lengths;
  private int waiting;

  private long sequences;
  private long pieces;
  private long cutDocuments;

  BestFitPacking(ShardSet shards, int contextLength, int block) {
    this.shards = shards;
    this.contextLength = contextLength;
    int rests = (int) Math.min(block, shards.documents());
    this.starts = new long[rests];
    this.lengths = new int[rests];
  }

  /**
   * Packs all documents.
   *
   * @param directory is made, or replaced where it holds an older packing
   * @param progress is told after each block how many documents have been packed
   * @throws DataException if the shards hold no document
   * @throws CheckpointException if the artefact cannot be written
   */
  public static void write(
      ShardSet shards, int contextLength, Path directory, LongConsumer progress) {
    if (shards.documents() == 0) {
      throw new DataException("the shards hold no document, so there is nothing to pack");
    }
    new BestFitPacking(shards, contextLength, BLOCK).write(directory, progress);
  }

  void write(Path directory, LongConsumer progress) {
    List<String> parents = List.of(shards.fingerprint());
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, parents)) {
      try (NumberFile pieceFile = new NumberFile(artefact.begin(PIECES));
          NumberFile sequenceFile = new NumberFile(artefact.begin(SEQUENCES))) {
        pack(pieceFile, sequenceFile, progress);
        sequenceFile.putLong(pieces);
        pieceFile.finish();
        sequenceFile.finish();
      }
      artefact.write(
          PackingManifest.FILE,
          new PackingManifest(
                  PackingManifest.CURRENT,
                  shards.fingerprint(),
                  contextLength,
                  sequences,
                  pieces,
                  cutDocuments)
              .json());
      artefact.commit();
    } catch (IOException e) {
      throw new CheckpointException(
          directory + ": the packing cannot be written (" + Reason.of(e) + "); make room", e);
    }
  }

  private void pack(NumberFile pieceFile, NumberFile sequenceFile, LongConsumer progress)
      throws IOException {
    for (long document = 0; document < shards.documents(); document++) {
      Extent extent = shards.extent(document);
      long start = extent.start();
      for (; extent.end() - start >= contextLength; start += contextLength) {
        sequenceFile.putLong(pieces);
        put(pieceFile, start, contextLength);
        sequences++;
      }
      cutDocuments += extent.end() - extent.start() > contextLength ? 1 : 0;
      if (start < extent.end()) {
        starts[waiting] = start;
        lengths[waiting++] = (int) (extent.end() - start);
      }
      if (waiting == starts.length) {
        packBlock(pieceFile, sequenceFile);
        progress.accept(document + 1);
      }
    }
    packBlock(pieceFile, sequenceFile);
  }

  private void put(NumberFile pieceFile, long start, int length) throws IOException {
    pieceFile.putLong(start);
    pieceFile.putInt(length);
    pieces++;
  }

  private void packBlock(NumberFile pieceFile, NumberFile sequenceFile) throws IOException {
    BestFitDecreasing packed =
        new BestFitDecreasing(Arrays.copyOf(lengths, waiting), contextLength);
    int[] items = packed.byBin();
    int[] firsts = packed.firsts();
    for (int bin = 0; bin < packed.count(); bin++) {
      sequenceFile.putLong(pieces);
      for (int i = firsts[bin]; i < firsts[bin + 1]; i++) {
        put(pieceFile, starts[items[i]], lengths[items[i]]);
      }
    }
    sequences += packed.count();
    waiting = 0;
  }
}
