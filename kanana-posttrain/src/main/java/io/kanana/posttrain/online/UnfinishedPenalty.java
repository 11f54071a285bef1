package io.kanana.posttrain.online;

import io.kanana.core.error.DataException;
import java.util.List;

/**
 * Takes something from the score of answers that a limit ended, and insists on a score for each: an
 * answer without one is neither best nor worst, so there would be no right choice.
 */
record UnfinishedPenalty(Scorer scorer, double penalty) implements Scorer {
  @Override
  public double[] scores(List<Answer> answers) {
    double[] scores = scorer.scores(answers);
    requireScores(scores, answers);
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= answers.get(i).ended() ? 0 : penalty;
    }
    return scores;
  }

  private static void requireScores(double[] scores, List<Answer> answers) {
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new DataException(
            "the reward gave no score to an answer to '"
                + answers.get(i).question().text()
                + "'; resume the run, or choose another reward");
      }
    }
  }

  @Override
  public void close() {
    scorer.close();
  }
}
