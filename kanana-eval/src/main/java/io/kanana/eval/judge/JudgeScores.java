package io.kanana.eval.judge;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Means of scores over turns. Turns without a rating are counted, and are in no mean.
 *
 * @param mean over all turns; not a number where there are none
 * @param byTurn the mean of all first turns, and so on
 * @param byCategory the mean of each category's turns
 * @param unrated how many turns got no rating
 */
public record JudgeScores(
    double mean, Map<Integer, Double> byTurn, Map<String, Double> byCategory, int unrated) {
  public static JudgeScores of(List<Judgement> judgements) {
    List<Judgement> rated = judgements.stream().filter(j -> j.rating().isPresent()).toList();
    return new JudgeScores(
        rated.stream().mapToDouble(JudgeScores::score).average().orElse(Double.NaN),
        rated.stream()
            .collect(
                Collectors.groupingBy(
                    Judgement::turn, TreeMap::new, Collectors.averagingDouble(JudgeScores::score))),
        rated.stream()
            .collect(
                Collectors.groupingBy(
                    Judgement::category,
                    TreeMap::new,
                    Collectors.averagingDouble(JudgeScores::score))),
        judgements.size() - rated.size());
  }

  private static double score(Judgement judgement) {
    return judgement.score().orElseThrow();
  }
}
