package io.kanana.data.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a filter finds, made of what its type says about it and with maps: as a cluster of machines
 * does, which never calls {@link CorpusFilter#decide}.
 */
final class ObviousFindings {
  private record Key(long upper, long lower) {}

  private final List<byte[]> sketches;

  private ObviousFindings(List<byte[]> sketches) {
    this.sketches = sketches;
  }

  /** The findings by place; those of {@code decide} where the filter says no more about itself. */
  static List<byte[]> of(CorpusFilter filter, List<byte[]> sketches, CorpusFilter.Decision made) {
    ObviousFindings obvious = new ObviousFindings(sketches);
    return switch (filter) {
      case TallyFilter tally -> sketches.stream().map(tally::finding).toList();
      case RepetitionFilter repetition -> obvious.repetitions(repetition);
      case ClusterFilter cluster -> obvious.clusters(cluster);
      case CorpusFilter _ -> obvious.same(made);
    };
  }

  private List<byte[]> same(CorpusFilter.Decision made) {
    List<byte[]> findings = new ArrayList<>();
    for (int place = 0; place < sketches.size(); place++) {
      findings.add(made.finding(place));
    }
    return findings;
  }

  private static List<Key> keys(KeyedFilter filter, byte[] sketch) {
    List<Key> keys = new ArrayList<>();
    filter.keys(sketch, (upper, lower) -> keys.add(new Key(upper, lower)));
    return keys;
  }

  private List<byte[]> repetitions(RepetitionFilter filter) {
    Map<Key, Long> first = new HashMap<>();
    List<byte[]> findings = new ArrayList<>();
    for (long place = 0; place < sketches.size(); place++) {
      long here = place;
      long[] before =
          keys(filter, sketches.get((int) place)).stream()
              .map(key -> first.putIfAbsent(key, here))
              .mapToLong(at -> at == null ? RepetitionFilter.FIRST : at)
              .toArray();
      findings.add(before.length == 0 ? CorpusFilter.NOTHING : filter.finding(before));
    }
    return findings;
  }

  /** Labels spread over keys in common until nothing changes. */
  private List<byte[]> clusters(ClusterFilter filter) {
    long[] labels = new long[sketches.size()];
    Arrays.setAll(labels, place -> place);
    boolean changed = true;
    while (changed) {
      Map<Key, Long> least = new HashMap<>();
      for (int place = 0; place < labels.length; place++) {
        long label = labels[place];
        keys(filter, sketches.get(place)).forEach(key -> least.merge(key, label, Math::min));
      }
      changed = false;
      for (int place = 0; place < labels.length; place++) {
        for (Key key : keys(filter, sketches.get(place))) {
          changed |= least.get(key) < labels[place];
          labels[place] = Math.min(labels[place], least.get(key));
        }
      }
    }
    return found(filter, labels);
  }

  private List<byte[]> found(ClusterFilter filter, long[] labels) {
    Map<Long, TreeSet<Integer>> members = new TreeMap<>();
    for (int place = 0; place < labels.length; place++) {
      members.computeIfAbsent(labels[place], _ -> new TreeSet<>()).add(place);
    }
    List<byte[]> findings = new ArrayList<>();
    for (int place = 0; place < labels.length; place++) {
      TreeSet<Integer> cluster = members.get(labels[place]);
      findings.add(
          cluster.size() == 1
              ? CorpusFilter.NOTHING
              : filter.finding(labels[place], cluster.size(), place == kept(filter, cluster)));
    }
    return findings;
  }

  private int kept(ClusterFilter filter, SortedSet<Integer> cluster) {
    int kept = cluster.getFirst();
    for (int place : cluster) {
      boolean heavier = filter.weight(sketches.get(place)) > filter.weight(sketches.get(kept));
      kept = heavier ? place : kept;
    }
    return kept;
  }
}
