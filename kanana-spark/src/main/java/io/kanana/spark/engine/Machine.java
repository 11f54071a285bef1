package io.kanana.spark.engine;

import io.kanana.core.error.DataException;
import io.kanana.data.filter.run.Cascade;

/**
 * What a machine of the cluster keeps from task to task, which only a static field does: the steps
 * of the run with their lists and models, once for all its threads.
 */
final class Machine {
  private static String application = "";
  private static Cascade cascade;

  private Machine() {}

  /** The cascade of a run, made where it is not there yet. */
  static synchronized Cascade cascade(Remote run) {
    if (!run.application().equals(application)) {
      keep(run.application(), made(run));
    }
    return cascade;
  }

  /** Puts that of the driver in its place, where tasks may run in its process. */
  static synchronized void keep(String name, Cascade made) {
    application = name;
    cascade = made;
  }

  private static Cascade made(Remote run) {
    try {
      return Cascade.of(run.configYaml(), Thread.currentThread().getContextClassLoader());
    } catch (DataException e) {
      throw new DataException(
          e.getMessage()
              + " (every machine of the cluster must see the same files under the same paths)",
          e);
    }
  }
}
