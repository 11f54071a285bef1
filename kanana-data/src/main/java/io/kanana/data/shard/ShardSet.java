package io.kanana.data.shard;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenized documents of a directory, as one stream of tokens in which each document is a
 * range. Mapped, not read: opening takes time and memory that do not grow with the tokens. Safe for
 * use by several threads; nothing may be used after {@link #close()}.
 */
public final class ShardSet implements AutoCloseable {
  /**
   * A document's place in the stream.
   *
   * @param start its first token
   * @param end the token after its last
   * @param textBytes bytes of UTF-8 that it had as text
   */
  public record Extent(long start, long end, long textBytes) {}

  private final Path directory;
  private final ShardsManifest manifest;
  private final String fingerprint;
  private final Arena arena = Arena.ofShared();
  private final List<TokenShard> shards = new ArrayList<>();
  private final long[] firstToken;
  private final long[] firstDocument;

  private ShardSet(Path directory) {
    this.directory = directory;
    this.manifest = ShardsManifest.read(directory);
    this.fingerprint = Sha256.hex(manifest.json());
    this.firstToken = new long[manifest.shards().size() + 1];
    this.firstDocument = new long[manifest.shards().size() + 1];
  }

  /**
   * Opens what {@link Tokenization} wrote.
   *
   * @throws DataException if the directory is incomplete or its files are not what its manifest
   *     says
   */
  public static ShardSet open(Path directory) {
    ShardSet set = new ShardSet(directory);
    try {
      set.map();
      return set;
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private void map() {
    for (ShardsManifest.Shard facts : manifest.shards()) {
      add(new TokenShard(directory, manifest, facts, arena));
    }
  }

  private void add(TokenShard shard) {
    shards.add(shard);
    int count = shards.size();
    firstToken[count] = firstToken[count - 1] + shard.tokens();
    firstDocument[count] = firstDocument[count - 1] + shard.documents();
  }

  public ShardsManifest manifest() {
    return manifest;
  }

  /** The digest of the manifest, and through it of every token. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The number of tokens of the stream. */
  public long tokens() {
    return manifest.tokens();
  }

  /** The number of documents of the stream. */
  public long documents() {
    return manifest.documents();
  }

  /** Copies the ids of {@code token .. token + count - 1} to {@code into[offset]} and after. */
  public void read(long token, int[] into, int offset, int count) {
    int done = 0;
    int shard = locate(firstToken, token);
    while (done < count) {
      long local = token + done - firstToken[shard];
      int part = (int) Math.min(count - done, shards.get(shard).tokens() - local);
      shards.get(shard).read(local, into, offset + done, part);
      done += part;
      shard++;
    }
  }

  /** The index of the document that a token belongs to. */
  public long documentAt(long token) {
    int shard = locate(firstToken, token);
    return firstDocument[shard] + shards.get(shard).documentAt(token - firstToken[shard]);
  }

  /** The place of a document. */
  public Extent extent(long document) {
    int number = locate(firstDocument, document);
    TokenShard shard = shards.get(number);
    long local = document - firstDocument[number];
    return new Extent(
        firstToken[number] + shard.start(local),
        firstToken[number] + shard.start(local + 1),
        shard.bytesBefore(local + 1) - shard.bytesBefore(local));
  }

  private static int locate(long[] firsts, long index) {
    if (index < 0 || index >= firsts[firsts.length - 1]) {
      throw new IndexOutOfBoundsException(
          index + " is outside 0 .. " + (firsts[firsts.length - 1] - 1));
    }
    int shard = 0;
    while (firsts[shard + 1] <= index) {
      shard++;
    }
    return shard;
  }

  /**
   * Reads every byte and compares it with the manifest's digests.
   *
   * @throws DataException naming the first file that differs
   */
  public void verify() {
    for (ShardsManifest.Shard shard : manifest.shards()) {
      verify(directory.resolve(shard.name() + ".tokens"), shard.tokensSha256());
      verify(directory.resolve(shard.name() + ".index"), shard.indexSha256());
    }
  }

  private static void verify(Path file, String expected) {
    try {
      String found = Sha256.hex(file);
      if (!found.equals(expected)) {
        throw new DataException(
            file
                + ": its SHA-256 is "
                + found
                + ", not "
                + expected
                + "; tokenize the corpus again");
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /** Whether a complete set of shards seems to be there. */
  public static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(ShardsManifest.FILE));
  }

  @Override
  public void close() {
    arena.close();
  }
}
