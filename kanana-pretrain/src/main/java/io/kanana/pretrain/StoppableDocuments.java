package io.kanana.pretrain;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;

/**
 * Documents whose passes break off when the run is asked to stop. What is made of them at that
 * moment is given up: tokenizer and shards appear whole or not at all.
 */
public record StoppableDocuments(DocumentSource source, Cancellation cancellation)
    implements DocumentSource {
  @Override
  public DocumentStream open(Quarantine quarantine) {
    DocumentStream documents = source.open(quarantine);
    return new DocumentStream() {
      @Override
      public Document next() {
        if (cancellation.requested()) {
          throw new Stopped();
        }
        return documents.next();
      }

      @Override
      public void close() {
        documents.close();
      }
    };
  }
}
