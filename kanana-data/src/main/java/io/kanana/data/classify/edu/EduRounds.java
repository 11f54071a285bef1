package io.kanana.data.classify.edu;

import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.data.classify.ClassificationReport;
import io.kanana.data.classify.ClassifierTrainer;
import io.kanana.data.classify.LabelRule;
import io.kanana.data.classify.LabelledTexts;
import io.kanana.data.classify.TextClassifier;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.RejectedRecord;
import io.kanana.data.shard.HeldOut;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of an {@link EduFilterJob}: training texts grow, the held-out ones stay. Only the
 * scored and mined documents are in memory; the pool is read once for the sample and once for each
 * round. For one thread.
 */
final class EduRounds {
  private final EduFilterConfig config;
  private final DocumentSource pool;
  private final Quarantine quarantine;
  private final Cancellation cancellation;
  private final ScoreLog scores;
  private final RandomKey key;
  private final List<Document> positives = new ArrayList<>();
  private final List<Document> negatives = new ArrayList<>();
  private final List<Document> heldOutHigh = new ArrayList<>();
  private final List<Document> heldOutLow = new ArrayList<>();
  private final Set<String> used = new HashSet<>();
  private boolean passed;

  EduRounds(
      EduFilterConfig config,
      DocumentSource pool,
      Quarantine quarantine,
      Cancellation cancellation,
      ScoreLog scores) {
    this.config = config;
    this.pool = pool;
    this.quarantine = quarantine;
    this.cancellation = cancellation;
    this.scores = scores;
    this.key = RandomKey.of(config.seed());
  }

  /** Draws and scores the sample; how many documents of it have no score. */
  int sample() {
    RandomKey draw = key.child("sample");
    List<Document> sample =
        best(config.sample().size(), 0, document -> draw.child(document.text()).uniform(0));
    HeldOut heldOut = new HeldOut(config.sample().heldOutShare());
    int unscored = 0;
    List<OptionalDouble> values = scored(sample);
    for (int i = 0; i < sample.size(); i++) {
      Document document = sample.get(i);
      used.add(ScoreLog.digest(document.text()));
      if (values.get(i).isEmpty()) {
        unscored++;
      } else if (heldOut.contains(document.text())) {
        (isHigh(values.get(i)) ? heldOutHigh : heldOutLow).add(document);
      } else {
        (isHigh(values.get(i)) ? positives : negatives).add(document);
      }
    }
    check(sample.size(), unscored);
    return unscored;
  }

  private void check(int size, int unscored) {
    if (positives.isEmpty() || negatives.isEmpty() || heldOutHigh.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "of %d sampled documents %d are positives to train on, %d negatives, %d held-out"
                  + " positives and %d have no score; there must be some of the first three:"
                  + " enlarge sample.size, or change sample.at-least",
              size,
              positives.size(),
              negatives.size(),
              heldOutHigh.size(),
              unscored));
    }
  }

  private boolean isHigh(OptionalDouble score) {
    return score.getAsDouble() >= config.sample().atLeast();
  }

  /** Scores a few at a time, so that a stop is heeded. */
  private List<OptionalDouble> scored(List<Document> documents) {
    int batch = 64;
    List<OptionalDouble> all = new ArrayList<>();
    for (int from = 0; from < documents.size(); from += batch) {
      checkStop();
      all.addAll(scores.score(documents.subList(from, Math.min(documents.size(), from + batch))));
    }
    return all;
  }

  private void checkStop() {
    if (cancellation.requested()) {
      throw new Stopped();
    }
  }

  /**
   * Adds what the classifier finds best among documents that were not used yet.
   *
   * @return how many, and how many of them are positives
   */
  int[] mine(TextClassifier classifier) {
    TextClassifier.Session session = classifier.session();
    int high = classifier.labels().indexOf(LabelRule.HIGH);
    List<Document> found =
        best(
            config.mine().documents(),
            config.mine().minScore(),
            document -> session.score(document.text(), high));
    List<OptionalDouble> values =
        config.mine().verify()
            ? scored(found)
            : found.stream().map(d -> OptionalDouble.of(config.sample().atLeast())).toList();
    int confirmed = 0;
    for (int i = 0; i < found.size(); i++) {
      used.add(ScoreLog.digest(found.get(i).text()));
      if (values.get(i).isPresent()) {
        boolean positive = isHigh(values.get(i));
        (positive ? positives : negatives).add(found.get(i));
        confirmed += positive ? 1 : 0;
      }
    }
    return new int[] {found.size(), confirmed};
  }

  private List<Document> best(int most, double least, ToDoubleFunction<Document> value) {
    BestDocuments best = new BestDocuments(most);
    pass(
        document -> {
          double own = value.applyAsDouble(document);
          if (own >= least && best.wants(own)) {
            String digest = ScoreLog.digest(document.text());
            if (!used.contains(digest)) {
              best.offer(own, digest, document);
            }
          }
        });
    return best.documents();
  }

  private void pass(Consumer<Document> use) {
    try (DocumentStream stream = pool.open(this::reject)) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        checkStop();
        use.accept(next);
      }
    }
    passed = true;
  }

  private void reject(RejectedRecord rejected) {
    if (!passed) {
      quarantine.reject(rejected);
    }
  }

  /** Trains on everything so far; null if the run was asked to stop. */
  TextClassifier train(ClassifierTrainer.Listener listener) {
    return new ClassifierTrainer(
            config.classifier(), key.child("training"), cancellation::requested)
        .train(
            use -> {
              each(LabelRule.HIGH, positives).forEach(use);
              each(LabelRule.LOW, limitedNegatives()).forEach(use);
            },
            listener);
  }

  private static LabelledTexts each(String label, List<Document> documents) {
    return use -> documents.forEach(document -> use.accept(document.text(), List.of(label)));
  }

  /** Those that were mined by mistake, which teach most, come last and stay. */
  private List<Document> limitedNegatives() {
    long most = Math.max(1, Math.round(config.mine().maxNegatives() * positives.size()));
    int left = (int) Math.max(0, negatives.size() - most);
    return negatives.subList(left, negatives.size());
  }

  EduRound measure(int number, int[] mined, TextClassifier classifier) {
    ClassificationReport report =
        ClassificationReport.of(
            classifier,
            use -> {
              each(LabelRule.HIGH, heldOutHigh).forEach(use);
              each(LabelRule.LOW, heldOutLow).forEach(use);
            });
    return new EduRound(
        number, mined[0], mined[1], positives.size(), limitedNegatives().size(), report);
  }
}
