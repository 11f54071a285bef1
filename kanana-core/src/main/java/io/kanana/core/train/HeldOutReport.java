package io.kanana.core.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a model predicts text it was not trained on.
 *
 * @param step steps done when it was measured
 * @param loss mean cross entropy per target, in nats
 * @param bitsPerByte cross entropy of targets in bits, divided by the bytes of UTF-8 text they
 *     stand for
 * @param targets how many tokens were predicted
 * @param textBytes the bytes of text they stand for
 * @param domains the same for each domain of a mixture, by name; empty where there is but one
 */
public record HeldOutReport(
    long step,
    double loss,
    double bitsPerByte,
    long targets,
    long textBytes,
    Map<String, HeldOutReport> domains) {
  public HeldOutReport {
    domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
  }

  /** Of data that are not divided. */
  public HeldOutReport(long step, double loss, double bitsPerByte, long targets, long textBytes) {
    this(step, loss, bitsPerByte, targets, textBytes, Map.of());
  }
}
