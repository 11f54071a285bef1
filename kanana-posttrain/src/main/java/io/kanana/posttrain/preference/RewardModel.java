package io.kanana.posttrain.preference;

import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import java.util.List;

/**
 * Scores answers: higher is better, and only differences between answers to the same prompt mean
 * anything. For one thread at a time; closing it gives back what it holds.
 */
public interface RewardModel extends AutoCloseable {
  /** A part of a configuration, chosen by its {@code type}. */
  interface Config {
    /**
     * Makes it.
     *
     * @throws io.kanana.core.error.ConfigException if it cannot score such answers
     * @throws io.kanana.core.error.CheckpointException if a model cannot be read
     */
    RewardModel create(Surroundings surroundings);
  }

  /**
   * Where answers come from and scores are computed.
   *
   * @param backend stays the caller's
   * @param precision of a model's products
   * @param tokenizer of {@link RewardAnswer#tokens}
   */
  record Surroundings(TensorBackend backend, Precision precision, BytePairTokenizer tokenizer) {}

  /**
   * @return one score for each answer, in their order; NaN for one that cannot be scored, which
   *     says nothing about how good it is
   * @throws io.kanana.core.error.DataException where an endpoint does not answer
   */
  double[] score(List<RewardAnswer> answers);

  @Override
  void close();
}
