package io.kanana.data.filter.run;

import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Cuts a stream of documents into shards of bounded size; for one thread. */
final class ShardReader {
  /**
   * Documents that are taken by one thread.
   *
   * @param fingerprint differs, all but surely, where the documents do
   */
  record Shard(List<Document> documents, long fingerprint) {
    DocumentStream stream() {
      Iterator<Document> each = documents.iterator();
      return new DocumentStream() {
        @Override
        public Document next() {
          return each.hasNext() ? each.next() : null;
        }

        @Override
        public void close() {}
      };
    }
  }

  private final DocumentStream documents;
  private final long bytes;
  private final Quarantine quarantine;
  private final BooleanSupplier stopped;

  ShardReader(
      DocumentStream documents, long bytes, Quarantine quarantine, BooleanSupplier stopped) {
    this.documents = documents;
    this.bytes = bytes;
    this.quarantine = quarantine;
    this.stopped = stopped;
  }

  /** The next shard, or null at the end. */
  Shard next() {
    List<Document> shard = new ArrayList<>();
    RandomKey fingerprint = RandomKey.of(0);
    long size = 0;
    while (size < bytes) {
      if (stopped.getAsBoolean()) {
        throw new Stopped();
      }
      Document document = documents.next();
      if (document == null) {
        break;
      }
      if (document.text().isBlank()) {
        quarantine.reject(new RejectedRecord(document.id(), 0, "text-empty", "the text is blank"));
      } else {
        shard.add(DocumentLines.storable(document));
        fingerprint = fingerprint.child(document.hashCode());
        size += document.textBytes();
      }
    }
    return shard.isEmpty() ? null : new Shard(shard, fingerprint.value());
  }
}
