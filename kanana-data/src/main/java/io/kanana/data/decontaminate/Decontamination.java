package io.kanana.data.decontaminate;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.TallyFilter;
import io.kanana.data.filter.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Drops documents that hold n-grams of a benchmark's entry: {@code benchmark-overlap}, with the
 * benchmark, the entry and how much of it stands in the document. What a document is dropped for
 * does not depend on others; that it is decided for all at once is for the report: {@code
 * decontamination.json} beside the documents says how many each benchmark would leave.
 *
 * <p>Thirteen words are what GPT-3 looked for (Brown et al., 2020, appendix C).
 */
public final class Decontamination implements TallyFilter {
  /** Why a document is dropped. */
  public static final String REASON = "benchmark-overlap";

  /**
   * @param benchmarks what must not be learned
   * @param unit what n-grams are made of
   * @param ngram how many units have to stand in a document as they do in the benchmark
   * @param minUnits a text of a benchmark with fewer units than an n-gram is looked for as a whole,
   *     where it has so many
   * @param minShare how much of an entry's n-grams a document may not hold; at 0, a single one
   * @param maxEntries n-grams of more entries are instructions rather than questions, and pass
   */
  public record Config(
      List<Benchmark> benchmarks,
      Unit unit,
      int ngram,
      int minUnits,
      double minShare,
      int maxEntries)
      implements CascadeStep.Config {
    public Config {
      benchmarks = List.copyOf(benchmarks);
      Check.that(!benchmarks.isEmpty(), "benchmarks", "must name at least one benchmark");
      Check.that(ngram >= 1, "ngram", "must be at least 1, got %s", ngram);
      Check.that(
          minUnits >= 1 && minUnits <= ngram,
          List.of("min-units", "ngram"),
          "must lie in 1 .. ngram, got %s",
          minUnits);
      Check.that(
          minShare >= 0 && minShare <= 1, "min-share", "must lie in 0 .. 1, got %s", minShare);
      Check.that(maxEntries >= 1, "max-entries", "must be at least 1, got %s", maxEntries);
    }

    @Override
    public Decontamination create() {
      return new Decontamination(this);
    }
  }

  private static final int OVERLAP_BYTES = 2 * Integer.BYTES + Double.BYTES;

  private final Config config;
  private final Benchmarks benchmarks;

  public Decontamination(Config config) {
    this.config = config;
    this.benchmarks = new Benchmarks(config);
  }

  /** The document's size, and the entries that it holds enough of. */
  @Override
  public byte[] sketch(Document document) {
    List<Benchmarks.Overlap> overlaps =
        benchmarks.overlaps(document.text()).stream()
            .filter(overlap -> overlap.share() >= config.minShare())
            .toList();
    ByteBuffer sketch = ByteBuffer.allocate(Long.BYTES + overlaps.size() * OVERLAP_BYTES);
    sketch.putLong(document.textBytes());
    for (Benchmarks.Overlap overlap : overlaps) {
      sketch.putInt(overlap.benchmark()).putInt(overlap.entry()).putDouble(overlap.share());
    }
    return sketch.array();
  }

  static long bytes(byte[] sketch) {
    return ByteBuffer.wrap(sketch).getLong();
  }

  static List<Benchmarks.Overlap> overlaps(byte[] sketch) {
    return overlaps(ByteBuffer.wrap(sketch, Long.BYTES, sketch.length - Long.BYTES));
  }

  private static List<Benchmarks.Overlap> overlaps(ByteBuffer buffer) {
    List<Benchmarks.Overlap> overlaps = new ArrayList<>();
    while (buffer.hasRemaining()) {
      overlaps.add(new Benchmarks.Overlap(buffer.getInt(), buffer.getInt(), buffer.getDouble()));
    }
    return overlaps;
  }

  @Override
  public KeepRates tally() {
    List<KeepRates.Rate> rates = new ArrayList<>();
    for (int i = 0; i < config.benchmarks().size(); i++) {
      rates.add(
          new KeepRates.Rate(
              config.benchmarks().get(i).name(), benchmarks.entries(i), benchmarks.searched(i)));
    }
    return new KeepRates(rates);
  }

  /** The entries that it holds enough of. */
  @Override
  public byte[] finding(byte[] sketch) {
    return Arrays.copyOfRange(sketch, Long.BYTES, sketch.length);
  }

  @Override
  public Verdict judge(Document document, byte[] finding) {
    return overlaps(ByteBuffer.wrap(finding)).stream()
        .max(Comparator.comparingDouble(Benchmarks.Overlap::share))
        .map(largest -> Verdict.drop(REASON, measured(largest)))
        .orElseGet(() -> Verdict.keep(document));
  }

  /** As in {@code gsm8k/17 0.250}. */
  private String measured(Benchmarks.Overlap overlap) {
    return String.format(
        Locale.ROOT,
        "%s/%d %.3f",
        config.benchmarks().get(overlap.benchmark()).name(),
        overlap.entry(),
        overlap.share());
  }
}
