package io.kanana.data.dedup;

import io.kanana.data.filter.ClusterLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Which documents are alike, by their places. A cluster is known by the place of its first
 * document. Immutable.
 */
final class Clusters {
  private static final int FLUSH = 1 << 16;

  private final int[] first;
  // by first place
  private final int[] sizes;
  private final int[] kept;

  /**
   * @param first of each place's cluster; owned from now on
   * @param lengths of documents, of which a cluster's longest is kept, the first of several; null
   *     to keep the first in any case
   */
  Clusters(int[] first, int[] lengths) {
    this.first = first;
    this.sizes = new int[first.length];
    this.kept = lengths == null ? first : new int[first.length];
    for (int place = 0; place < first.length; place++) {
      int cluster = first[place];
      sizes[cluster]++;
      if (lengths != null && (cluster == place || lengths[place] > lengths[kept[cluster]])) {
        kept[cluster] = place;
      }
    }
  }

  int cluster(int place) {
    return first[place];
  }

  int size(int place) {
    return sizes[first[place]];
  }

  /** The one document that stays of this one's cluster. */
  int kept(int place) {
    return kept[first[place]];
  }

  /** Clusters of two or more, one a line in JSON, in the order of their first documents. */
  void write(WritableByteChannel out) throws IOException {
    int[] next = new int[first.length];
    int[] last = new int[first.length];
    for (int place = 0; place < first.length; place++) {
      if (first[place] != place) {
        next[last[first[place]]] = place;
      }
      last[first[place]] = place;
    }
    StringBuilder lines = new StringBuilder();
    for (int cluster = 0; cluster < first.length; cluster++) {
      if (sizes[cluster] > 1) {
        line(cluster, next, lines);
        if (lines.length() > FLUSH) {
          flush(lines, out);
        }
      }
    }
    flush(lines, out);
  }

  private void line(int cluster, int[] next, StringBuilder lines) {
    int[] member = {cluster};
    ClusterLine.append(
        lines, cluster, sizes[cluster], kept[cluster], () -> member[0] = next[member[0]]);
  }

  private static void flush(StringBuilder lines, WritableByteChannel out) throws IOException {
    ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.toString());
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
    lines.setLength(0);
  }
}
