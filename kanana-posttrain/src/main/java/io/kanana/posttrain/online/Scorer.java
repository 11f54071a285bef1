package io.kanana.posttrain.online;

import io.kanana.core.error.ConfigException;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.train.RunCheckpoints;
import java.util.List;

/** Says how good answers are. For one thread at a time. */
public interface Scorer extends AutoCloseable {
  /** A scorer's settings. */
  interface Config {
    /**
     * Opens a scorer; the caller closes it.
     *
     * @param backend of the thread that will ask it; stays the caller's
     */
    Scorer open(TensorBackend backend);

    /**
     * Refuses a policy whose tokens mean something else to the scorer.
     *
     * @throws ConfigException if its answers cannot be scored
     */
    default void requireTokenizer(BytePairTokenizer policy) {}

    /** The models that it asks: what is trained by its scores comes from them, too. */
    default List<RunCheckpoints.Ancestor> models() {
      return List.of();
    }
  }

  /**
   * Opens a scorer of a policy's answers; the caller closes it.
   *
   * @param key where its settings stand, for messages
   * @throws ConfigException if the policy's tokens mean something else to it
   */
  static Scorer open(Config settings, String key, BytePairTokenizer policy, TensorBackend backend) {
    try {
      settings.requireTokenizer(policy);
    } catch (ConfigException e) {
      throw e.below(key);
    }
    return settings.open(backend);
  }

  /**
   * A number for each answer, in their order; more is better. NaN for one that could not be judged,
   * which says nothing about how good it is.
   *
   * @throws io.kanana.core.error.DataException where an endpoint does not answer
   */
  double[] scores(List<Answer> answers);

  @Override
  default void close() {}
}
