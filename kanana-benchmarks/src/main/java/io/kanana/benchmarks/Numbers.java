package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/** Numbers as reports show them. */
final class Numbers {
  private static final double MEGA = 1 << 20;

  private Numbers() {}

  static double rounded(double value, int decimals) {
    double unit = Math.pow(10, decimals);
    return Math.round(value * unit) / unit;
  }

  static double giga(double value) {
    return rounded(value / 1e9, 1);
  }

  /** Null where nothing is known. */
  static void putMegabytes(ObjectNode json, String key, OptionalLong bytes) {
    if (bytes.isPresent()) {
      json.put(key, Math.round(bytes.getAsLong() / MEGA));
    } else {
      json.putNull(key);
    }
  }
}
