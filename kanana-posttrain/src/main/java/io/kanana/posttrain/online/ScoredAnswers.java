package io.kanana.posttrain.online;

import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.PairTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Answers to one question and how good they are.
 *
 * @param question its index among all
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ScoredAnswers(int question, List<Answer> answers, double[] scores) {
  /** The first of the best, of those that have a score; -1 where none has. */
  int best() {
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      boolean better = best < 0 || scores[i] > scores[best];
      best = better && !Double.isNaN(scores[i]) ? i : best;
    }
    return best;
  }

  /** The first of the worst, of those that have a score; -1 where none has. */
  int worst() {
    int worst = -1;
    for (int i = 0; i < scores.length; i++) {
      boolean worse = worst < 0 || scores[i] < scores[worst];
      worst = worse && !Double.isNaN(scores[i]) ? i : worst;
    }
    return worst;
  }

  /** The best against the worst; nothing where all are equally good, or these two the same. */
  Optional<PairTokens> pair() {
    if (best() < 0 || !(scores[best()] > scores[worst()])) {
      return Optional.empty();
    }
    AnswerTokens chosen = answers.get(best()).tokens();
    AnswerTokens rejected = answers.get(worst()).tokens();
    return Arrays.equals(chosen.ids(), rejected.ids())
        ? Optional.empty()
        : Optional.of(new PairTokens(chosen, rejected, scores[best()] - scores[worst()]));
  }
}
