package io.kanana.posttrain.online;

import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.PairTokens;
import java.util.List;
import java.util.Optional;

/**
 * Answers to one question and how good they are.
 *
 * @param question its index among all
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ScoredAnswers(int question, List<Answer> answers, double[] scores) {
  /** The first of the best. */
  int best() {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The first of the worst. */
  int worst() {
    int worst = 0;
    for (int i = 1; i < scores.length; i++) {
      worst = scores[i] < scores[worst] ? i : worst;
    }
    return worst;
  }

  /**
   * The best against the worst; nothing where all are equally good, or the two are the same text.
   */
  Optional<PairTokens> pair() {
    if (!(scores[best()] > scores[worst()])) {
      return Optional.empty();
    }
    AnswerTokens chosen = answers.get(best()).tokens();
    AnswerTokens rejected = answers.get(worst()).tokens();
    return Optional.of(new PairTokens(chosen, rejected, scores[best()] - scores[worst()]));
  }
}
