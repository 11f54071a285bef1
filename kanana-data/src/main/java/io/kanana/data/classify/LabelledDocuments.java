package io.kanana.data.classify;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import io.kanana.data.shard.HeldOut;
import java.util.List;
import java.util.function.BiConsumer;

/** Documents with labels, some of which are held out. Records are rejected at the first pass. */
final class LabelledDocuments {
  private final DocumentSource source;
  private final Quarantine quarantine;
  private final LabelRule rule;
  private final HeldOut heldOut;
  private boolean passed;

  LabelledDocuments(
      DocumentSource source, Quarantine quarantine, LabelRule rule, double heldOutShare) {
    this.source = source;
    this.quarantine = quarantine;
    this.rule = rule;
    this.heldOut = new HeldOut(heldOutShare);
  }

  LabelledTexts training(Cancellation cancellation) {
    return use -> pass(false, cancellation, use);
  }

  LabelledTexts heldOut(Cancellation cancellation) {
    return use -> pass(true, cancellation, use);
  }

  private void pass(
      boolean wanted, Cancellation cancellation, BiConsumer<String, List<String>> use) {
    try (DocumentStream stream = source.open(this::reject)) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        if (cancellation.requested()) {
          throw new Stopped();
        }
        if (heldOut.contains(next.text()) == wanted) {
          use.accept(next.text(), rule.labels(next));
        }
      }
    }
    passed = true;
  }

  private void reject(RejectedRecord rejected) {
    if (!passed) {
      quarantine.reject(rejected);
    }
  }
}
