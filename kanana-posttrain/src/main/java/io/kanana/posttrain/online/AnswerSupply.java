package io.kanana.posttrain.online;

import io.kanana.core.model.Llama;
import java.util.List;

/** Where the answers of a step come from. For one thread. */
interface AnswerSupply extends AutoCloseable {
  /**
   * @param policy with the weights after the step before
   * @param step from 1; steps come in their order
   */
  List<ScoredAnswers> take(Llama policy, long step);

  /** Waits until everything that was begun is written down, so that a checkpoint can be resumed. */
  void settle();

  @Override
  void close();
}
