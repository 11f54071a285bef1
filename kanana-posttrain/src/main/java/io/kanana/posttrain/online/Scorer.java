package io.kanana.posttrain.online;

import io.kanana.core.tensor.TensorBackend;
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
  }

  /** A number for each answer, in their order; more is better. */
  double[] scores(List<Answer> answers);

  @Override
  default void close() {}
}
