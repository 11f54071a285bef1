package io.kanana.posttrain.online;

import io.kanana.core.model.Llama;
import java.util.List;

/** Answers of the policy as it is: sampled when a step begins, by the model that is trained. */
final class SampledNow implements AnswerSupply {
  private final AnswerMaker maker;
  private final Scorer scorer;
  private final PairLog log;

  /**
   * @param scorer stays the caller's
   * @param log closed with this
   */
  SampledNow(AnswerMaker maker, Scorer scorer, PairLog log) {
    this.maker = maker;
    this.scorer = scorer;
    this.log = log;
  }

  @Override
  public List<ScoredAnswers> take(Llama policy, long step) {
    List<ScoredAnswers> answers = maker.make(policy, scorer, step);
    log.add(step, step - 1, answers);
    return answers;
  }

  @Override
  public void settle() {}

  @Override
  public void close() {
    log.close();
  }
}
