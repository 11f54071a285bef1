package io.kanana.data.classify.regression;

import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.data.classify.edu.ScoreLog;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.shard.HeldOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongConsumer;

/**
 * One pass over the documents: each is scored and embedded once, and either trained on or held out.
 * For one thread.
 */
final class EmbeddingPass {
  /** Documents that are scored together, so that a stop is heeded in between. */
  private static final int SCORED_AT_ONCE = 64;

  private final DocumentEmbedding embedding;
  private final ScoreLog scores;
  private final ScoreScale scale;
  private final HeldOut heldOut;
  private final Cancellation cancellation;
  private final ScoredEmbeddings training = new ScoredEmbeddings();
  private final ScoredEmbeddings measured = new ScoredEmbeddings();
  private long unscored;
  private long withoutTokens;

  EmbeddingPass(
      DocumentEmbedding embedding,
      ScoreLog scores,
      ScoreScale scale,
      HeldOut heldOut,
      Cancellation cancellation) {
    this.embedding = embedding;
    this.scores = scores;
    this.scale = scale;
    this.heldOut = heldOut;
    this.cancellation = cancellation;
  }

  /**
   * @param done is told how many documents were taken so far
   * @throws Stopped if it was asked to stop
   * @throws DataException if a score is not on the scale
   */
  void run(DocumentSource source, Quarantine quarantine, LongConsumer done) {
    List<Document> batch = new ArrayList<>();
    long count = 0;
    try (DocumentStream stream = source.open(quarantine)) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        batch.add(next);
        if (batch.size() == SCORED_AT_ONCE) {
          take(batch);
          count += batch.size();
          done.accept(count);
          batch.clear();
        }
      }
    }
    take(batch);
  }

  private void take(List<Document> batch) {
    checkStop();
    List<OptionalDouble> values = scores.score(batch);
    for (int i = 0; i < batch.size(); i++) {
      checkStop();
      if (values.get(i).isEmpty()) {
        unscored++;
      } else {
        take(batch.get(i), values.get(i).getAsDouble());
      }
    }
  }

  private void take(Document document, double score) {
    check(document, score);
    embedding
        .of(document.text())
        .ifPresentOrElse(
            row -> (heldOut.contains(document.text()) ? measured : training).add(row, score),
            () -> withoutTokens++);
  }

  private void check(Document document, double score) {
    if (!scale.contains(score)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "document %s has the score %s; by scale scores lie in %d .. %d: set scale to that of"
                  + " the scores",
              document.id(),
              score,
              scale.lowest(),
              scale.highest()));
    }
  }

  private void checkStop() {
    if (cancellation.requested()) {
      throw new Stopped();
    }
  }

  /** What is trained on. */
  ScoredEmbeddings training() {
    return training;
  }

  /** What is only measured on. */
  ScoredEmbeddings measured() {
    return measured;
  }

  /** Documents without a score, which were left out. */
  long unscored() {
    return unscored;
  }

  /** Documents without a token, which were left out. */
  long withoutTokens() {
    return withoutTokens;
  }
}
