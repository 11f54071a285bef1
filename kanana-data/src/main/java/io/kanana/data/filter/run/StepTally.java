package io.kanana.data.filter.run;

import io.kanana.data.filter.stats.Flow;
import io.kanana.data.filter.stats.Samples;
import io.kanana.data.filter.stats.StepStats;
import io.kanana.data.filter.stats.Volume;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what one step does to the documents of one shard; for one thread. */
final class StepTally {
  private final String step;
  private final int most;
  private final LeastSamples dropped;
  private final LeastSamples kept;
  private final LeastSamples changed;
  private final Map<String, Long> reasons = new HashMap<>();
  private final Map<String, long[]> domains = new HashMap<>();
  private final Map<String, long[]> languages = new HashMap<>();
  private final long[] in = new long[3];
  private final long[] out = new long[3];
  private long changes;
  private long nanoseconds;

  StepTally(String step, int most) {
    this.step = step;
    this.most = most;
    this.dropped = new LeastSamples(most);
    this.kept = new LeastSamples(most);
    this.changed = new LeastSamples(most);
  }

  void spend(long nanos) {
    nanoseconds += nanos;
  }

  void arrive(Traveller document) {
    add(in, document);
    pass(domains, document.domain(), 0);
    pass(languages, document.language(), 0);
  }

  /**
   * @param arrived the document as it came
   */
  void leave(Traveller arrived, Traveller document, boolean changedText) {
    add(out, document);
    pass(domains, arrived.domain(), 1);
    pass(languages, arrived.language(), 1);
    if (changedText) {
      changes++;
    }
  }

  void drop(String reason) {
    reasons.merge(reason, 1L, Long::sum);
  }

  LeastSamples dropped() {
    return dropped;
  }

  LeastSamples kept() {
    return kept;
  }

  LeastSamples changed() {
    return changed;
  }

  private static void add(long[] volume, Traveller document) {
    volume[0]++;
    volume[1] += document.bytes();
    volume[2] += document.tokens();
  }

  private static void pass(Map<String, long[]> flows, String key, int side) {
    if (!key.isEmpty()) {
      flows.computeIfAbsent(key, _ -> new long[2])[side]++;
    }
  }

  StepStats stats() {
    return new StepStats(
        step,
        volume(in),
        volume(out),
        changes,
        new TreeMap<>(reasons),
        flows(domains),
        flows(languages),
        nanoseconds);
  }

  Samples.OfStep samples() {
    return new Samples.OfStep(most, dropped.sorted(), kept.sorted(), changed.sorted());
  }

  private static Volume volume(long[] sums) {
    return new Volume(sums[0], sums[1], sums[2]);
  }

  private static SortedMap<String, Flow> flows(Map<String, long[]> counts) {
    SortedMap<String, Flow> flows = new TreeMap<>();
    counts.forEach((key, count) -> flows.put(key, new Flow(count[0], count[1])));
    return flows;
  }
}
