package io.kanana.spark.engine;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.filter.ClusterFilter;
import io.kanana.data.filter.ClusterLine;
import io.kanana.data.filter.run.SketchFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import scala.Tuple2;

/**
 * From stars to what each member of a cluster has to know. A node tells its weight to the first of
 * its cluster, where all are counted, listed, and one is chosen; and each is told the outcome. So
 * the members of one cluster have to fit into one task's memory.
 *
 * @param stage that begins with the decision
 */
record Memberships(Remote run, Layout layout, int stage) implements Serializable {
  /** The first of a cluster, a member, and its weight. */
  private static final int MEMBER = 3;

  private record Member(long place, long weight) {}

  /**
   * Rows of what was found, in the tasks of the members: a member, its cluster, the cluster's size,
   * and 1 for the one that stays. The lines of the clusters are written on the way.
   *
   * @param stars edges from a member to the first of its cluster
   */
  JavaPairRDD<Integer, long[]> of(JavaPairRDD<Integer, long[]> stars) {
    Memberships self = this;
    Numbered tasks = new Numbered(layout.tasks());
    return stars
        .mapPartitionsToPair(self::toMembers)
        .partitionBy(tasks)
        .mapPartitionsToPair(self::toFirst)
        .partitionBy(tasks)
        .mapPartitionsToPair(self::toFound)
        .partitionBy(tasks);
  }

  /** Each member, and the first one as one of its own. */
  private Iterator<Tuple2<Integer, long[]>> toMembers(Iterator<Tuple2<Integer, long[]>> stars) {
    return Rows.of(Components.EDGE, stars)
        .sent(
            layout.tasks(),
            (row, at, out) -> {
              out.add(layout.task(row[at]), row[at], row[at + 1]);
              out.add(layout.task(row[at + 1]), row[at + 1], row[at + 1]);
            });
  }

  private Iterator<Tuple2<Integer, long[]>> toFirst(Iterator<Tuple2<Integer, long[]>> members) {
    NavigableMap<Long, Long> clusters = new TreeMap<>(); // by member
    Rows.of(Components.EDGE, members).each((row, at) -> clusters.put(row[at], row[at + 1]));
    return new Outbox(
        layout.tasks(),
        out -> {
          if (!clusters.isEmpty()) {
            int shard = layout.shard(clusters.firstKey());
            NavigableMap<Long, Long> here = clusters.headMap(layout.starts()[shard + 1], false);
            weigh(shard, here, out);
            here.clear();
          }
          return !clusters.isEmpty();
        });
  }

  /** Sends the weights of members that lie in one shard to the first of their clusters. */
  private void weigh(int shard, Map<Long, Long> clusters, Outbox out) {
    ClusterFilter filter = (ClusterFilter) run.filter(stage);
    try (Arena arena = Arena.ofConfined()) {
      SketchFiles.Mapped sketches = run.sketches(stage, layout.shards()[shard], arena);
      clusters.forEach(
          (member, cluster) -> {
            long weight = filter.weight(sketches.at(member - layout.starts()[shard]));
            out.add(layout.task(cluster), cluster, member, weight);
          });
    }
  }

  private Iterator<Tuple2<Integer, long[]>> toFound(Iterator<Tuple2<Integer, long[]>> members) {
    Map<Long, List<Member>> clusters = new TreeMap<>();
    Rows.of(MEMBER, members)
        .each(
            (row, at) ->
                clusters
                    .computeIfAbsent(row[at], _ -> new ArrayList<>())
                    .add(new Member(row[at + 1], row[at + 2])));
    clusters.values().forEach(each -> each.sort((a, b) -> Long.compare(a.place, b.place)));
    if (!clusters.isEmpty()) {
      Attempt.file(
          lines(layout.task(clusters.keySet().iterator().next())), own -> write(own, clusters));
    }
    return new Outbox(
        layout.tasks(),
        out -> {
          clusters.forEach((cluster, each) -> tell(cluster, each, out));
          return false;
        });
  }

  private void tell(long cluster, List<Member> members, Outbox out) {
    long kept = kept(members);
    for (Member member : members) {
      out.add(
          layout.task(member.place),
          member.place,
          cluster,
          members.size(),
          member.place == kept ? 1 : 0);
    }
  }

  /** The one of most weight, the first of several. */
  private static long kept(List<Member> members) {
    Member kept = members.getFirst();
    for (Member member : members) {
      kept = member.weight > kept.weight ? member : kept;
    }
    return kept.place;
  }

  /** Where the clusters are listed whose first documents a task has; absent where it has none. */
  Path lines(int task) {
    return run.work()
        .stage(run.stage(stage))
        .resolve(String.format(Locale.ROOT, "clusters-%07d.jsonl", task));
  }

  private static void write(Path file, Map<Long, List<Member>> clusters) {
    StringBuilder line = new StringBuilder();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Map.Entry<Long, List<Member>> cluster : clusters.entrySet()) {
        Iterator<Member> others = cluster.getValue().listIterator(1);
        line.setLength(0);
        ClusterLine.append(
            line,
            cluster.getKey(),
            cluster.getValue().size(),
            kept(cluster.getValue()),
            () -> others.next().place);
        out.append(line);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }
}
