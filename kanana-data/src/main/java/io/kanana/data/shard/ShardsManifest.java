package io.kanana.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a directory of shards holds: {@code shards.json}. The digests of the files stand in the
 * artefact's manifest.
 *
 * @param format the version of the layout, {@link #FORMAT}
 * @param tokenizer the fingerprint of the tokenizer that made the ids
 * @param vocabularySize every id is below it
 * @param idBytes bytes of an id, 2 or 4, little-endian
 * @param beginOfText whether every document's first id stands for its beginning, and not for text
 * @param endOfText whether every document's last id stands for its end, and not for text
 * @param documents the number of documents
 * @param tokens the number of ids
 * @param textBytes bytes of UTF-8 that the documents had as text
 * @param shards the files, in order
 */
public record ShardsManifest(
    int format,
    String tokenizer,
    int vocabularySize,
    int idBytes,
    boolean beginOfText,
    boolean endOfText,
    long documents,
    long tokens,
    long textBytes,
    List<Shard> shards) {

  /** The version of the layout that this program writes and reads. */
  public static final int FORMAT = 2;

  /** The file in its directory. */
  public static final String FILE = "shards.json";

  /**
   * One pair of files: {@code name.tokens} with the ids, {@code name.index} with where documents
   * begin.
   */
  public record Shard(String name, long documents, long tokens, long textBytes) {}

  private static final int LARGEST_FILE = 16 << 20;

  public ShardsManifest {
    shards = List.copyOf(shards);
  }

  /**
   * What shards of a tokenizer are, without any: the beginning of a manifest.
   *
   * @param vocabularySize decides how many bytes an id takes
   */
  public static ShardsManifest empty(
      String tokenizer, int vocabularySize, boolean beginOfText, boolean endOfText) {
    return new ShardsManifest(
        FORMAT,
        tokenizer,
        vocabularySize,
        vocabularySize <= 1 << 16 ? 2 : 4,
        beginOfText,
        endOfText,
        0,
        0,
        0,
        List.of());
  }

  String json() {
    return RecordJson.write(this);
  }

  /**
   * The manifest of a directory.
   *
   * @throws DataException if there is none, or it is not one of this format
   */
  public static ShardsManifest read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.isRegularFile(file)) {
        throw new DataException(directory + ": no token shards are here (no " + FILE + ")");
      }
      if (Files.size(file) > LARGEST_FILE) {
        throw refused(file, "larger than " + LARGEST_FILE + " bytes", null);
      }
      ShardsManifest manifest = RecordJson.read(Files.readAllBytes(file), ShardsManifest.class);
      String fault = manifest.fault();
      if (fault != null) {
        throw refused(file, fault, null);
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw refused(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw refused(file, Reason.of(e), e);
    }
  }

  private String fault() {
    if (format != FORMAT) {
      return "format is " + format + ", this program reads " + FORMAT;
    }
    if (idBytes != 2 && idBytes != 4) {
      return "idBytes is " + idBytes + ", not 2 or 4";
    }
    if (vocabularySize < 1) {
      return "vocabularySize is " + vocabularySize;
    }
    boolean named = shards.stream().allMatch(shard -> shard.name().matches("[0-9]{5}"));
    if (!named) {
      return "a shard's name is not five digits";
    }
    return sums() ? null : "documents, tokens or textBytes are not the sums of the shards'";
  }

  private boolean sums() {
    boolean positive =
        shards.stream().allMatch(s -> s.documents() > 0 && s.tokens() > 0 && s.textBytes() >= 0);
    return positive
        && shards.stream().mapToLong(Shard::documents).sum() == documents
        && shards.stream().mapToLong(Shard::tokens).sum() == tokens
        && shards.stream().mapToLong(Shard::textBytes).sum() == textBytes;
  }

  private static DataException refused(Path file, String fault, Exception cause) {
    return new DataException(
        file + ": not a manifest of token shards: " + fault + "; tokenize the corpus again", cause);
  }
}
