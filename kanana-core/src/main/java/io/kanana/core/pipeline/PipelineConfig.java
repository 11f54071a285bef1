package io.kanana.core.pipeline;

import io.kanana.core.config.Check;
import io.kanana.core.job.CompositeConfig;
import io.kanana.core.job.JobSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Settings of the job {@code pipeline}.
 *
 * @param output the directory that has those of the jobs
 * @param seed of the jobs that do not give one
 * @param jobs in the order of running; each may refer to those before it
 */
public record PipelineConfig(Path output, long seed, List<JobSection> jobs)
    implements CompositeConfig {
  static final String JOBS = "jobs";

  public PipelineConfig {
    Check.that(!jobs.isEmpty(), JOBS, "must name at least one job");
    ChainRules.check(JOBS, jobs, Set.of());
  }

  Chain chain() {
    return new Chain(JOBS, jobs, new Chain.Place(output, seed));
  }
}
