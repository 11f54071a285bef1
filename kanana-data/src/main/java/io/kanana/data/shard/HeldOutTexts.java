package io.kanana.data.shard;

import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import java.util.HashSet;
import java.util.Set;

/**
 * The texts of documents that are held out because they are given for it. A document of the same
 * text but for the white space around it is one of them, wherever it comes from; texts are told
 * apart by 64 bits of a digest. Immutable.
 */
public final class HeldOutTexts {
  private final Set<Long> digests;

  private HeldOutTexts(Set<Long> digests) {
    this.digests = digests;
  }

  /**
   * Reads all documents of a source; what cannot be read is left to whoever reads it next.
   *
   * @throws io.kanana.core.error.DataException as reading it does
   */
  public static HeldOutTexts of(DocumentSource source) {
    Set<Long> digests = new HashSet<>();
    try (DocumentStream documents = source.open(rejected -> {})) {
      for (Document next = documents.next(); next != null; next = documents.next()) {
        digests.add(HeldOut.digest(next.text()));
      }
    }
    return new HeldOutTexts(digests);
  }

  public boolean contains(String text) {
    return digests.contains(HeldOut.digest(text));
  }

  /**
   * The documents of a source that are not held out.
   *
   * @param heldOut is called for each that is, in every pass
   */
  public DocumentSource without(DocumentSource source, Runnable heldOut) {
    return quarantine -> new Rest(source.open(quarantine), heldOut);
  }

  private final class Rest implements DocumentStream {
    private final DocumentStream documents;
    private final Runnable heldOut;

    Rest(DocumentStream documents, Runnable heldOut) {
      this.documents = documents;
      this.heldOut = heldOut;
    }

    @Override
    public Document next() {
      Document next = documents.next();
      while (next != null && contains(next.text())) {
        heldOut.run();
        next = documents.next();
      }
      return next;
    }

    @Override
    public void close() {
      documents.close();
    }
  }
}
