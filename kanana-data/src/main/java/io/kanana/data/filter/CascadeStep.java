package io.kanana.data.filter;

import io.kanana.core.config.Shorthand;

/** One step of the cascade. */
public sealed interface CascadeStep permits DataFilter, DocumentTransform, CorpusFilter {
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
