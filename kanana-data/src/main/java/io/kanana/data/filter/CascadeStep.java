package io.kanana.data.filter;

import io.kanana.core.config.Shorthand;

/** One step of the cascade. Whoever made it closes it once no thread uses it any more. */
public sealed interface CascadeStep extends AutoCloseable
    permits DataFilter, DocumentTransform, CorpusFilter {
  /**
   * Gives back what it holds outside of the Java heap, such as a language model; most hold none.
   */
  @Override
  default void close() {}

  /**
   * A step of a job's configuration, chosen by {@code type}: an element of {@code steps}. A plain
   * string is a type with its defaults.
   */
  @Shorthand
  interface Config {
    /**
     * Reads what the step needs (lists, models) once; the step is then used by every thread.
     *
     * @throws io.kanana.core.error.DataException where a file is missing or damaged
     */
    CascadeStep create();
  }
}
