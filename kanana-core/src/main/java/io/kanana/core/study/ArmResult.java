package io.kanana.core.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came out of one arm.
 *
 * @param values what was measured, by seed
 * @param costs what it took, by seed
 */
record ArmResult(Map<Long, Double> values, Map<Long, Cost> costs) {
  ArmResult {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    costs = Collections.unmodifiableMap(new LinkedHashMap<>(costs));
  }

  static ArmResult none() {
    return new ArmResult(Map.of(), Map.of());
  }

  ArmResult with(long seed, double value, Cost cost) {
    Map<Long, Double> moreValues = new LinkedHashMap<>(values);
    Map<Long, Cost> moreCosts = new LinkedHashMap<>(costs);
    moreValues.put(seed, value);
    moreCosts.put(seed, cost);
    return new ArmResult(moreValues, moreCosts);
  }

  Spread spread() {
    return Spread.of(values.values());
  }
}
