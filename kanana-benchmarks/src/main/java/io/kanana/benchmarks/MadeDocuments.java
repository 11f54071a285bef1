package io.kanana.benchmarks;

import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;

/** Documents of random words, of which every fifth is an earlier one with a few words changed. */
final class MadeDocuments implements DocumentSource {
  private static final int WORDS = 100;
  private static final int CHANGED = 3;
  private static final int COPIES = 5;
  private static final int WORD_LENGTH = 6;

  private final RandomKey key = RandomKey.of(1).child("made-documents");
  private final long count;

  MadeDocuments(long count) {
    this.count = count;
  }

  @Override
  public DocumentStream open(Quarantine quarantine) {
    return new DocumentStream() {
      private long next;

      @Override
      public Document next() {
        return next < count ? document(next++) : null;
      }

      @Override
      public void close() {}
    };
  }

  private Document document(long index) {
    RandomKey own = key.child(index);
    boolean copy = index % COPIES == COPIES - 1;
    // one of the four before it
    RandomKey words = copy ? key.child(index - 1 - own.below(0, COPIES - 1)) : own;
    int changed = copy ? own.below(1, CHANGED) : 0;
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < WORDS; word++) {
      RandomKey letters = (word >= WORDS - changed ? own : words).child(word);
      for (int i = 0; i < WORD_LENGTH; i++) {
        text.append((char) ('a' + letters.below(i, 26)));
      }
      text.append(' ');
    }
    return Document.of("made/" + index, text.toString());
  }
}
