package io.kanana.data.shard;

import io.kanana.core.error.DataException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;

/** One mapped pair of files; see {@link ShardsManifest.Shard}. Safe for use by several threads. */
final class TokenShard {
  private static final ValueLayout.OfShort ID16 =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt ID32 =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong OFFSET =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of an index entry: tokens before a document, and bytes of text before it. */
  static final int ENTRY = 16;

  private static final String REMEDY = "tokenize the corpus again";

  private final Path tokensFile;
  private final MemorySegment tokens;
  private final MemorySegment index;
  private final ShardsManifest.Shard facts;
  private final int idBytes;
  private final int vocabularySize;

  TokenShard(Path directory, ShardsManifest manifest, ShardsManifest.Shard facts, Arena arena) {
    this.facts = facts;
    this.idBytes = manifest.idBytes();
    this.vocabularySize = manifest.vocabularySize();
    this.tokensFile = directory.resolve(facts.name() + ".tokens");
    Path indexFile = directory.resolve(facts.name() + ".index");
    this.tokens = MappedFile.map(tokensFile, size(facts.tokens(), idBytes), REMEDY, arena);
    this.index = MappedFile.map(indexFile, size(facts.documents() + 1, ENTRY), REMEDY, arena);
    checkIndex(indexFile);
  }

  private static long size(long count, int bytes) {
    return Math.multiplyExact(count, (long) bytes);
  }

  private void checkIndex(Path file) {
    for (long i = 0; i < documents(); i++) {
      if (start(i + 1) <= start(i) || bytesBefore(i + 1) < bytesBefore(i)) {
        throw corruptIndex(file, i);
      }
    }
    if (start(0) != 0 || bytesBefore(0) != 0) {
      throw corruptIndex(file, 0);
    }
    if (start(documents()) != tokens() || bytesBefore(documents()) != facts.textBytes()) {
      throw corruptIndex(file, documents());
    }
  }

  private static DataException corruptIndex(Path file, long document) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s: the entry of document %d, at byte %d, does not continue the ones before it; %s",
            file,
            document,
            document * ENTRY,
            REMEDY));
  }

  long documents() {
    return facts.documents();
  }

  long tokens() {
    return facts.tokens();
  }

  /** The first token of a document; the number of tokens for the document after the last. */
  long start(long document) {
    return index.get(OFFSET, document * ENTRY);
  }

  /** Bytes of text of all documents before. */
  long bytesBefore(long document) {
    return index.get(OFFSET, document * ENTRY + Long.BYTES);
  }

  /** The document that a token belongs to. */
  long documentAt(long token) {
    long low = 0;
    long high = documents() - 1;
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (start(middle) <= token) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  void read(long token, int[] into, int offset, int count) {
    for (int i = 0; i < count; i++) {
      int id = id(token + i);
      if (id < 0 || id >= vocabularySize) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: id %s at byte %d is not below the vocabulary size %d; %s",
                tokensFile,
                Integer.toUnsignedString(id),
                (token + i) * idBytes,
                vocabularySize,
                REMEDY));
      }
      into[offset + i] = id;
    }
  }

  private int id(long token) {
    return idBytes == 2
        ? Short.toUnsignedInt(tokens.getAtIndex(ID16, token))
        : tokens.getAtIndex(ID32, token);
  }
}
