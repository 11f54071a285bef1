package io.kanana.data.shard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the shards of one directory, and its manifest at the end. */
final class ShardSetWriter implements AutoCloseable {
  private final Path directory;
  private final ShardsManifest kind;
  private final long shardTokens;
  private final List<ShardsManifest.Shard> written = new ArrayList<>();

  private DigestFile tokensFile;
  private DigestFile indexFile;
  private long documents;
  private long tokens;
  private long textBytes;

  /**
   * @param kind a manifest without shards, which says what ids are
   * @param shardTokens a shard ends after the document that brings it there
   */
  ShardSetWriter(Path directory, ShardsManifest kind, long shardTokens) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.kind = kind;
    this.shardTokens = shardTokens;
  }

  void add(int[] ids, long bytes) throws IOException {
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
    tokensFile = new DigestFile(directory.resolve(name() + ".tokens"));
    indexFile = new DigestFile(directory.resolve(name() + ".index"));
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
    written.add(
        new ShardsManifest.Shard(
            name(), documents, tokens, textBytes, tokensFile.finish(), indexFile.finish()));
    close();
    documents = 0;
    tokens = 0;
    textBytes = 0;
  }

  ShardsManifest finish() throws IOException {
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
    Path file = directory.resolve(ShardsManifest.FILE);
    Files.write(file, manifest.json());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
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
