package io.kanana.data.decontaminate;

import io.kanana.core.error.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All n-grams of all benchmarks, and what of them a document holds. Read by several threads. */
final class Benchmarks {
  /**
   * An entry of a benchmark of which a document holds something.
   *
   * @param benchmark its place in the configuration
   * @param entry its place in the benchmark
   * @param share of its n-grams, 0 to 1
   */
  record Overlap(int benchmark, int entry, double share) {}

  private final Decontamination.Config config;
  private final NgramIndex index = new NgramIndex();
  private final Set<Integer> lengths = new TreeSet<>();

  /** The first entry of each benchmark, and the end. */
  private final int[] begins;

  /** How many of each entry's n-grams count. */
  private final int[] totals;

  /**
   * @throws DataException if a benchmark cannot be read or has nothing to look for
   */
  Benchmarks(Decontamination.Config config) {
    this.config = config;
    this.begins = new int[config.benchmarks().size() + 1];
    for (int i = 0; i < config.benchmarks().size(); i++) {
      begins[i + 1] = begins[i];
      int benchmark = i;
      config.benchmarks().get(i).read(texts -> add(texts, begins[benchmark + 1]++));
    }
    this.totals = totals();
    for (int i = 0; i < config.benchmarks().size(); i++) {
      requireSome(i);
    }
  }

  private void add(List<String> texts, int entry) {
    for (String text : texts) {
      Units units = Units.of(text, config.unit());
      int length = Math.min(config.ngram(), units.count());
      if (length >= config.minUnits()) {
        lengths.add(length);
        long power = Units.firstPower(length);
        for (int start = 0; start + length <= units.count(); start++) {
          index.add(units.first(start, length, power), units.second(start, length), entry);
        }
      }
    }
  }

  /** Without what many entries have in common: an instruction gives no answer away. */
  private int[] totals() {
    int[] counts = new int[begins[begins.length - 1]];
    for (int gram = 0; gram < index.grams(); gram++) {
      if (index.count(gram) <= config.maxEntries()) {
        for (int at = index.last(gram); at >= 0; at = index.before(at)) {
          counts[index.entry(at)]++;
        }
      }
    }
    return counts;
  }

  private void requireSome(int benchmark) {
    if (searched(benchmark) == 0) {
      Benchmark named = config.benchmarks().get(benchmark);
      throw new DataException(
          String.format(
              Locale.ROOT,
              "benchmark %s: %s has no entry of at least %d units in %s; lower min-units, or name"
                  + " other fields",
              named.name(),
              named.path(),
              config.minUnits(),
              named.fields()));
    }
  }

  int entries(int benchmark) {
    return begins[benchmark + 1] - begins[benchmark];
  }

  /** How many entries can be found at all. */
  long searched(int benchmark) {
    return Arrays.stream(totals, begins[benchmark], begins[benchmark + 1])
        .filter(total -> total > 0)
        .count();
  }

  /** What a document holds of each entry, in their order, without those of which it has nothing. */
  List<Overlap> overlaps(String text) {
    Map<Integer, Integer> found = new TreeMap<>();
    for (int gram : grams(Units.of(text, config.unit()))) {
      for (int at = index.last(gram); at >= 0; at = index.before(at)) {
        found.merge(index.entry(at), 1, Integer::sum);
      }
    }
    List<Overlap> overlaps = new ArrayList<>();
    found.forEach((entry, grams) -> overlaps.add(overlap(entry, grams)));
    return overlaps;
  }

  private Set<Integer> grams(Units units) {
    Set<Integer> grams = new HashSet<>();
    for (int length : lengths) {
      long power = Units.firstPower(length);
      for (int start = 0; start + length <= units.count(); start++) {
        long first = units.first(start, length, power);
        if (index.mayHold(first)) {
          int gram = index.find(first, units.second(start, length));
          if (gram >= 0 && index.count(gram) <= config.maxEntries()) {
            grams.add(gram);
          }
        }
      }
    }
    return grams;
  }

  private Overlap overlap(int entry, int grams) {
    int benchmark = 0;
    while (entry >= begins[benchmark + 1]) {
      benchmark++;
    }
    return new Overlap(benchmark, entry - begins[benchmark], (double) grams / totals[entry]);
  }
}
