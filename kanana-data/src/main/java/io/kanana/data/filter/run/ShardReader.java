package io.kanana.data.filter.run;

import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Cuts a stream of documents into shards of bounded size; for one thread. */
public final class ShardReader {
  /**
   * Documents that are taken by one thread.
   *
   * @param fingerprint differs, all but surely, where the documents do
   */
  public record Shard(List<Document> documents, long fingerprint) {
    /** Takes it through the first stage; the artefact must not be there. */
    public ShardReport run(ShardTask task, Path target) {
      return task.run(target, stream(), 0, fingerprint);
    }

    /**
     * The report of the artefact that a former run made of the same shard.
     *
     * @throws ConfigException if it was made of other documents
     */
    public ShardReport made(Path artefact) {
      ShardReport report = ShardReport.read(artefact);
      if (report.fingerprint() != fingerprint) {
        throw new ConfigException(
            "data.documents",
            "are not those that the run began with, so it cannot go on ("
                + artefact
                + " was made of others); put them back, or give another output");
      }
      return report;
    }

    private DocumentStream stream() {
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

  /**
   * @param bytes of text after which a shard ends
   * @param quarantine is told of blank documents
   * @param stopped whether to break off
   */
  public ShardReader(
      DocumentStream documents, long bytes, Quarantine quarantine, BooleanSupplier stopped) {
    this.documents = documents;
    this.bytes = bytes;
    this.quarantine = quarantine;
    this.stopped = stopped;
  }

  /**
   * The next shard, or null at the end.
   *
   * @throws Stopped where it broke off
   */
  public Shard next() {
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
