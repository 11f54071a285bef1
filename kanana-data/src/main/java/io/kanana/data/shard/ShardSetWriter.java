package io.kanana.data.shard;

import io.kanana.core.checkpoint.ArtefactWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes the shards of one artefact, and what they hold at the end. Not safe for use by several
 * threads. {@link Tokenization} makes them of documents.
 */
public final class ShardSetWriter implements AutoCloseable {
  private final ArtefactWriter artefact;
  private final ShardsManifest kind;
  private final long shardTokens;
  private final List<ShardsManifest.Shard> written = new ArrayList<>();

  private NumberFile tokensFile;
  private NumberFile indexFile;
  private long documents;
  private long tokens;
  private long textBytes;

  /**
   * @param kind a manifest without shards, which says what ids are
   * @param shardTokens a shard ends after the document that brings it there
   */
  public ShardSetWriter(ArtefactWriter artefact, ShardsManifest kind, long shardTokens) {
    this.artefact = artefact;
    this.kind = kind;
    this.shardTokens = shardTokens;
  }

  /**
   * Adds a document.
   *
   * @param ids below the size of the vocabulary
   * @param bytes of UTF-8 that it had as text
   */
  public void add(int[] ids, long bytes) throws IOException {
    if (tokensFile == null) {
      begin();
    }
    for (int id : ids) {
      put(id);
    }
    documents++;
    tokens += ids.length;
    textBytes += bytes;
    putEntry();
    if (tokens >= shardTokens) {
      end();
    }
  }

  private void put(int id) throws IOException {
    if (kind.idBytes() == 2) {
      tokensFile.putShort(id);
    } else {
      tokensFile.putInt(id);
    }
  }

  private void begin() throws IOException {
    tokensFile = new NumberFile(artefact.begin(name() + ".tokens"));
    indexFile = new NumberFile(artefact.begin(name() + ".index"));
    putEntry();
  }

  private void putEntry() throws IOException {
    indexFile.putLong(tokens);
    indexFile.putLong(textBytes);
  }

  private String name() {
    return String.format(Locale.ROOT, "%05d", written.size());
  }

  private void end() throws IOException {
    tokensFile.finish();
    indexFile.finish();
    close();
    written.add(new ShardsManifest.Shard(name(), documents, tokens, textBytes));
    documents = 0;
    tokens = 0;
    textBytes = 0;
  }

  /** Ends the shards; the artefact is the caller's to commit. */
  public ShardsManifest finish() throws IOException {
    if (tokensFile != null) {
      end();
    }
    ShardsManifest manifest =
        new ShardsManifest(
            kind.format(),
            kind.tokenizer(),
            kind.vocabularySize(),
            kind.idBytes(),
            kind.beginOfText(),
            kind.endOfText(),
            written.stream().mapToLong(ShardsManifest.Shard::documents).sum(),
            written.stream().mapToLong(ShardsManifest.Shard::tokens).sum(),
            written.stream().mapToLong(ShardsManifest.Shard::textBytes).sum(),
            written);
    artefact.write(ShardsManifest.FILE, manifest.json());
    return manifest;
  }

  @Override
  public void close() throws IOException {
    if (tokensFile != null) {
      tokensFile.close();
      tokensFile = null;
    }
    if (indexFile != null) {
      indexFile.close();
      indexFile = null;
    }
  }
}
