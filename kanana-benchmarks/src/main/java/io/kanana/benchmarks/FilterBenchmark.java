package io.kanana.benchmarks;

import io.kanana.core.error.ConfigException;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Times a step on one thread. Half of the documents warm up the compiler and what the step
 * remembers of words, as a long run would; the other half is timed in one pass that has not seen
 * them. Each round is a thread of its own, so that it begins with nothing remembered.
 */
final class FilterBenchmark {
  private static final int ROUNDS = 7;
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  /** The median round. */
  record Timing(int documents, long bytes, int kept, double seconds) {
    double documentsPerSecond() {
      return documents / seconds;
    }

    double megabytesPerSecond() {
      return bytes / seconds / 1e6;
    }
  }

  private final List<Document> warmUp = new ArrayList<>();
  private final List<Document> timed = new ArrayList<>();

  FilterBenchmark(List<Document> documents) {
    for (int i = 0; i < documents.size(); i++) {
      (i % 2 == 0 ? warmUp : timed).add(documents.get(i));
    }
    if (timed.isEmpty()) {
      throw new ConfigException("documents", "must be at least two, got " + documents.size());
    }
  }

  Timing time(CascadeStep step) {
    for (long begun = System.nanoTime(); System.nanoTime() - begun < WARM_UP_NANOS; ) {
      pass(step, warmUp);
    }
    double[] seconds = new double[ROUNDS];
    int[] kept = new int[1];
    for (int i = 0; i < ROUNDS; i++) {
      int round = i;
      onThread(
          () -> {
            pass(step, warmUp);
            long begun = System.nanoTime();
            kept[0] = pass(step, timed);
            seconds[round] = 1e-9 * (System.nanoTime() - begun);
          });
    }
    long bytes = timed.stream().mapToLong(Document::textBytes).sum();
    return new Timing(timed.size(), bytes, kept[0], Median.of(seconds));
  }

  private static void onThread(Runnable work) {
    Thread thread = Thread.ofPlatform().start(work);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private static int pass(CascadeStep step, List<Document> documents) {
    int kept = 0;
    for (Document document : documents) {
      kept += verdict(step, document) instanceof Verdict.Keep ? 1 : 0;
    }
    return kept;
  }

  static Verdict verdict(CascadeStep step, Document document) {
    return switch (step) {
      case DataFilter filter -> filter.judge(document);
      case DocumentTransform transform -> transform.apply(document);
      case CorpusFilter _ ->
          throw new ConfigException("steps", "must judge documents one by one to be timed here");
    };
  }
}
