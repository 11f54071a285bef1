package io.kanana.pretrain;

import io.kanana.core.job.Cancellation;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.shard.HeldOutTexts;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Documents that a configuration gives to measure on, and keeps out of training. */
final class GivenHeldOut {
  private final DocumentSource documents;
  private final LongAdder skipped = new LongAdder();
  private HeldOutTexts texts;

  GivenHeldOut(List<DocumentSource.Config> configs, Cancellation cancellation) {
    this.documents =
        new StoppableDocuments(
            new Corpus(configs.stream().map(DocumentSource.Config::create).toList()), cancellation);
  }

  DocumentSource documents() {
    return documents;
  }

  /** What of a corpus can be trained on; reads the given documents when it is first opened. */
  DocumentSource without(DocumentSource corpus) {
    return quarantine -> {
      skipped.reset();
      return texts().without(corpus, skipped::increment).open(quarantine);
    };
  }

  private synchronized HeldOutTexts texts() {
    if (texts == null) {
      texts = HeldOutTexts.of(documents);
    }
    return texts;
  }

  /** How many documents of the corpus were kept out in its last pass. */
  long skipped() {
    return skipped.sum();
  }
}
