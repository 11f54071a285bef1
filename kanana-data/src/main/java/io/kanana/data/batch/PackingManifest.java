package io.kanana.data.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a packing holds: {@code packing.json}.
 *
 * @param format the version of layout and algorithm, {@link #CURRENT}
 * @param shards the fingerprint of the shards whose documents were packed
 * @param contextLength T, the most tokens of a sequence
 * @param sequences the number of sequences
 * @param pieces the number of pieces in them
 * @param cutDocuments documents that are longer than a sequence, so in more than one piece
 */
record PackingManifest(
    int format, String shards, int contextLength, long sequences, long pieces, long cutDocuments) {
  /** What this program writes and reads. */
  static final int CURRENT = 1;

  /** The file in its directory. */
  static final String FILE = "packing.json";

  String json() {
    return RecordJson.write(this);
  }

  /**
   * @throws DataException if there is none, or it is not one of this format
   */
  static PackingManifest read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      PackingManifest manifest = RecordJson.read(Files.readAllBytes(file), PackingManifest.class);
      if (manifest.format != CURRENT) {
        throw refused(file, "format is " + manifest.format + ", not " + CURRENT, null);
      }
      if (manifest.contextLength < 1 || manifest.sequences < 1 || manifest.pieces < 1) {
        throw refused(file, "it holds nothing", null);
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw refused(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw refused(file, Reason.of(e), e);
    }
  }

  private static DataException refused(Path file, String fault, Exception cause) {
    return new DataException(
        file + ": not the manifest of a packing: " + fault + "; " + BestFitSequences.REMEDY, cause);
  }
}
