package io.kanana.benchmarks;

import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Times the two passes of {@link NearDuplicates}. Signatures are timed on as many documents as are
 * held in memory; the others get theirs, too, and all are clustered.
 */
final class MinHashBenchmark {
  /** So many bytes of text are held, so that reading and making documents is not timed. */
  private static final long HELD_BYTES = 64L << 20;

  /**
   * What was measured.
   *
   * @param sketchBytes of all sketches
   * @param decisionBytes what the decision holds on the heap
   * @param dropped documents for which another stays
   */
  record Measured(
      long documents,
      long timedDocuments,
      long timedBytes,
      double[] signatureSeconds,
      double[] clusterSeconds,
      long sketchBytes,
      long decisionBytes,
      long dropped,
      OptionalLong peakResident) {}

  private final NearDuplicates filter;
  private final int threads;
  private final List<Document> held = new ArrayList<>();
  private final List<byte[]> sketches = new ArrayList<>();
  private long heldBytes;

  private MinHashBenchmark(NearDuplicates filter, int threads) {
    this.filter = filter;
    this.threads = threads;
  }

  static Measured run(NearDuplicates filter, DocumentSource source, int threads, int rounds) {
    MinHashBenchmark benchmark = new MinHashBenchmark(filter, threads);
    benchmark.read(source);
    double[] signatures = Lap.timed(rounds, benchmark::sign);
    long documents = benchmark.held.size();
    benchmark.held.clear();
    double[] clusters = Lap.timed(rounds, benchmark::decide);
    return benchmark.measured(documents, signatures, clusters);
  }

  private void read(DocumentSource source) {
    try (DocumentStream stream = source.open(rejected -> {})) {
      for (Document next = stream.next(); next != null; next = stream.next()) {
        if (heldBytes < HELD_BYTES) {
          held.add(next);
          heldBytes += next.textBytes();
        }
        sketches.add(filter.sketch(next));
      }
    }
  }

  private void sign() {
    long bytes =
        Lap.parts(
            threads,
            part ->
                IntStream.range(0, held.size())
                    .filter(i -> i % threads == part)
                    .mapToLong(i -> filter.sketch(held.get(i)).length)
                    .sum());
    if (bytes < 0) {
      throw new IllegalStateException("sketches of negative length");
    }
  }

  private CorpusFilter.Decision decide() {
    return filter.decide(new Held(sketches), threads);
  }

  private Measured measured(long timed, double[] signatures, double[] clusters) {
    long before = ProcessMemory.heldBytes();
    CorpusFilter.Decision decision = decide();
    long held = ProcessMemory.heldBytes() - before;
    Document any = Document.of("any", "");
    long dropped = 0;
    for (int place = 0; place < sketches.size(); place++) {
      dropped += filter.judge(any, decision.finding(place)) instanceof Verdict.Drop ? 1 : 0;
    }
    return new Measured(
        sketches.size(),
        timed,
        heldBytes,
        signatures,
        clusters,
        sketches.stream().mapToLong(sketch -> sketch.length).sum(),
        held,
        dropped,
        ProcessMemory.peakResidentBytes());
  }

  private record Held(List<byte[]> sketches) implements CorpusFilter.Sketches {
    @Override
    public long count() {
      return sketches.size();
    }

    @Override
    public byte[] at(long place) {
      return sketches.get((int) place);
    }
  }
}
