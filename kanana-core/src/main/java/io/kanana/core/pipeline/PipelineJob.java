package io.kanana.core.pipeline;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;

/** The job {@code pipeline}: other jobs, one after the other. */
public final class PipelineJob implements Job<PipelineConfig> {
  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String summary() {
    return "Runs jobs one after the other, each on what those before it left; skips what is done.";
  }

  @Override
  public Class<PipelineConfig> configType() {
    return PipelineConfig.class;
  }

  @Override
  public JobPlan plan(PipelineConfig config) {
    return config.chain().plan();
  }

  @Override
  public void run(PipelineConfig config, JobContext context) {
    context.keepConfig(); // what is there is judged job by job
    config.chain().run(context);
  }
}
