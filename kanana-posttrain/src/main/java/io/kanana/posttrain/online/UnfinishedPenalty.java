package io.kanana.posttrain.online;

import java.util.List;

/** Takes something from the score of answers that a limit ended. */
record UnfinishedPenalty(Scorer scorer, double penalty) implements Scorer {
  @Override
  public double[] scores(List<Answer> answers) {
    double[] scores = scorer.scores(answers);
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= answers.get(i).ended() ? 0 : penalty;
    }
    return scores;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
