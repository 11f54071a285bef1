package io.kanana.core.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two arms side by side.
 *
 * @param better the arm that is claimed to be better
 * @param than the arm that it is compared with
 * @param differences the value of the one less that of the other, by seed
 * @param spread the pooled standard deviation of the two
 * @param verdict whether the claim holds
 */
record Comparison(
    String better, String than, Map<Long, Double> differences, double spread, Verdict verdict) {
  static Comparison of(
      StudyConfig.Claim claim, StudyConfig.Better better, Map<String, ArmResult> arms) {
    ArmResult claimed = arms.get(claim.better());
    ArmResult other = arms.get(claim.than());
    Map<Long, Double> differences = new LinkedHashMap<>();
    claimed
        .values()
        .forEach((seed, value) -> differences.put(seed, value - other.values().get(seed)));
    double sign = better == StudyConfig.Better.LOWER ? -1 : 1;
    List<Double> gains = new ArrayList<>();
    differences.values().forEach(difference -> gains.add(sign * difference));
    double spread = Spread.pooled(claimed.spread(), other.spread());
    return new Comparison(
        claim.better(), claim.than(), differences, spread, Verdict.of(gains, spread));
  }
}
