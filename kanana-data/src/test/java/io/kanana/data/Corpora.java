package io.kanana.data;

import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Corpora and shards for tests. */
public final class Corpora {
  private Corpora() {}

  /** A corpus in memory. */
  public static DocumentSource of(List<Document> documents) {
    return quarantine -> stream(documents.iterator());
  }

  private static DocumentStream stream(Iterator<Document> documents) {
    return new DocumentStream() {
      @Override
      public Document next() {
        return documents.hasNext() ? documents.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  /** Every document of a source. */
  public static List<Document> read(DocumentSource source, Quarantine quarantine) {
    List<Document> documents = new ArrayList<>();
    try (DocumentStream stream = source.open(quarantine)) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        documents.add(next);
      }
    }
    return documents;
  }

  /** Documents of random text, of 1 to {@code longest} characters each. */
  public static List<Document> random(long seed, int count, int longest) {
    RandomKey key = RandomKey.of(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomKey own = key.child(i);
      StringBuilder text = new StringBuilder();
      int length = 1 + own.below(0, longest);
      for (int c = 1; c <= length; c++) {
        text.append(own.below(c, 3) == 0 ? (char) ('가' + own.below(1000 + c, 11172)) : 'a');
      }
      documents.add(Document.of("d" + i, text.toString()));
    }
    return documents;
  }

  /** The documents as shards of about {@code shardTokens} tokens, none held out. */
  public static ShardSet shards(
      Path directory, List<Document> documents, ByteTokenizer tokenizer, long shardTokens) {
    new Tokenization(tokenizer, "bytes", new Tokenization.Config(0, shardTokens))
        .write(of(documents), directory, 2, rejected -> {}, done -> {});
    return ShardSet.open(directory.resolve(Tokenization.TRAIN));
  }
}
