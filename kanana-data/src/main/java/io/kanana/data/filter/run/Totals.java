package io.kanana.data.filter.run;

import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Samples;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the reports of some shards and stages come to. Adding up is associative and commutative.
 *
 * @param stats of what was done to their documents
 * @param samples drawn from them
 * @param lines bytes of the lines in each file of theirs that has some, not compressed, by stage,
 *     shard and name
 */
public record Totals(CascadeStats stats, Samples samples, SortedMap<String, Long> lines) {
  public Totals {
    lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
  }

  /** Those of nothing. */
  public static Totals none(Cascade cascade) {
    return new Totals(
        CascadeStats.none(cascade.names()),
        Samples.none(cascade.names().size(), cascade.config().samples().perStep()),
        new TreeMap<>());
  }

  /** Those of one shard that went through one stage. */
  public static Totals of(WorkDirectory work, Stage stage, String shard) {
    ShardReport report = ShardReport.read(work.shard(stage, shard));
    SortedMap<String, Long> lines = new TreeMap<>();
    report.lines().forEach((name, bytes) -> lines.put(key(stage, shard, name), bytes));
    return new Totals(report.stats(), report.samples(), lines);
  }

  private static String key(Stage stage, String shard, String file) {
    return stage.number() + "/" + shard + "/" + file;
  }

  /** How many bytes the lines of a file of a shard have, not compressed. */
  long lines(Stage stage, String shard, String file) {
    return lines.getOrDefault(key(stage, shard, file), 0L);
  }

  /** Both together. */
  public Totals plus(Totals other) {
    SortedMap<String, Long> both = new TreeMap<>(lines);
    both.putAll(other.lines);
    return new Totals(stats.merge(other.stats), samples.merge(other.samples), both);
  }

  /** As bytes, to be moved between machines. */
  public byte[] json() {
    return ShardReport.json(this);
  }

  /** What {@link #json} made. */
  public static Totals read(byte[] json) {
    return ShardReport.read(json, Totals.class);
  }
}
