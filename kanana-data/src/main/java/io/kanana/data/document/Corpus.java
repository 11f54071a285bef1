package io.kanana.data.document;

import io.kanana.core.error.DataException;
import java.util.List;

/**
 * Several sources, one after the other, as a job's {@code data.documents} names them. A pass that
 * finds no document at all ends in a {@link DataException}.
 */
public final class Corpus implements DocumentSource {
  private final List<DocumentSource> sources;

  public Corpus(List<? extends DocumentSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public DocumentStream open(Quarantine quarantine) {
    return new Pass(quarantine);
  }

  private final class Pass implements DocumentStream, Quarantine {
    private final Quarantine quarantine;
    private DocumentStream current;
    private int opened;
    private boolean found;
    private long rejections;
    private RejectedRecord firstRejected;

    Pass(Quarantine quarantine) {
      this.quarantine = quarantine;
    }

    @Override
    public Document next() {
      Document document = null;
      while (document == null && advance()) {
        document = current.next();
        if (document == null) {
          close();
        }
      }
      found |= document != null;
      if (!found) {
        throw emptyCorpus();
      }
      return document;
    }

    private boolean advance() {
      if (current == null && opened < sources.size()) {
        current = sources.get(opened++).open(this);
      }
      return current != null;
    }

    @Override
    public void reject(RejectedRecord rejected) {
      rejections++;
      firstRejected = firstRejected == null ? rejected : firstRejected;
      quarantine.reject(rejected);
    }

    private DataException emptyCorpus() {
      String cause =
          rejections == 0
              ? sources.size() + " sources hold no record"
              : "all " + rejections + " records were rejected, the first at " + firstRejected;
      return new DataException(
          "the corpus is empty: " + cause + "; data.documents must name at least one document");
    }

    @Override
    public void close() {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }
}
