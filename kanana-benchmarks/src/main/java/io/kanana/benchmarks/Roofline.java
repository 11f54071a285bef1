package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What the machine can do at best: no operation faster than its peak and no byte faster than from
 * memory, whichever takes longer (Williams, Waterman and Patterson, 2009). What stays in a cache
 * can be faster than that.
 *
 * @param flopsPeak FLOP/s
 * @param bandwidth bytes/s
 */
record Roofline(double flopsPeak, double bandwidth) {
  /** Whether operations, not bytes, are the bound. */
  private boolean computes(double flops, double bytes) {
    return flops / flopsPeak > bytes / bandwidth;
  }

  private double shareOfBound(double flops, double bytes, double seconds) {
    return Math.max(flops / flopsPeak, bytes / bandwidth) / seconds;
  }

  /** The rate of what is the bound, and its share: {@code 481.5 GFLOP/s, 85 %}. */
  String rate(double flops, double bytes, double seconds) {
    boolean computes = computes(flops, bytes);
    return String.format(
        Locale.ROOT,
        "%,7.1f %s, %.0f %%",
        (computes ? flops : bytes) / seconds / 1e9,
        computes ? "GFLOP/s" : "GB/s",
        100 * shareOfBound(flops, bytes, seconds));
  }

  /** Both rates, which of them is the bound, and its share. */
  void put(ObjectNode json, double flops, double bytes, double seconds) {
    json.put("gigaFlopsPerSecond", Numbers.giga(flops / seconds));
    json.put("gigaBytesPerSecond", Numbers.giga(bytes / seconds));
    json.put("bound", computes(flops, bytes) ? "compute" : "memory");
    json.put("shareOfBound", Numbers.rounded(shareOfBound(flops, bytes, seconds), 4));
  }
}
