package io.kanana.core.job;

import java.nio.file.Path;

/** The keys that every job has. */
public interface JobConfig {
  /** The directory that receives everything the job writes. */
  Path output();

  /** The key of everything random in the job. */
  long seed();
}
