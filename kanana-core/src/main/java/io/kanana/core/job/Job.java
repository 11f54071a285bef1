package io.kanana.core.job;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;

/**
 * A kind of run that a configuration file can ask for with {@code job: NAME}. Found by {@link
 * java.util.ServiceLoader}: a public class with a public constructor without arguments, named in
 * {@code META-INF/services/io.kanana.core.job.Job}. Its defaults are the resource {@code
 * defaults/NAME.yaml}.
 *
 * @param <C> the configuration record, bound as {@link io.kanana.core.config.Binder} says
 */
public interface Job<C extends Record & JobConfig> {
  /** The name in {@code job:}, kebab-case. */
  String name();

  /** One sentence for {@code kanana list}. */
  String summary();

  /** The configuration record. */
  Class<C> configType();

  /**
   * What running would take, found without running, reading data or allocating a model. A run
   * begins with it too, so that what it refuses is refused before anything is written.
   *
   * @throws io.kanana.core.error.ConfigException for what can be seen to fail, whatever the data
   */
  JobPlan plan(C config);

  /**
   * Runs to the end, or until the context's {@link Cancellation} asks for an orderly stop. A job
   * that may refuse to go on from what is there calls {@link JobContext#keepConfig} when it does
   * not.
   *
   * @throws io.kanana.core.error.KananaException for everything that the user can act on
   */
  void run(C config, JobContext context);

  /**
   * What a finished run measured, by name, such as {@code held-out.bits-per-byte}: what experiments
   * compare. Empty for a job that measures nothing.
   *
   * @param output where it ran
   * @throws io.kanana.core.error.KananaException if what it left cannot be read
   */
  default SortedMap<String, Double> measurements(Path output) {
    return Collections.emptySortedMap();
  }
}
