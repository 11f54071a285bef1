package io.kanana.core.train;

import io.kanana.core.job.JobContext;
import io.kanana.core.model.Precision;
import java.nio.file.Path;
import java.util.SortedMap;

/** Measures what a training run has saved, while the run goes on. For one thread at a time. */
public interface CheckpointProbe {
  /** A section of a configuration, chosen by its {@code type}. */
  interface Config {
    /**
     * Makes the probe.
     *
     * @param backend the back end's name, as that of the training
     * @throws io.kanana.core.error.ConfigException if it cannot work
     */
    CheckpointProbe create(String backend, int threads, Precision precision);
  }

  /**
   * The figures of a checkpoint by name; none where a stop was requested on the way.
   *
   * @param context of the measurement, whose output is a directory for the files of this one
   */
  SortedMap<String, Double> measure(Path checkpoint, JobContext context);
}
