package io.kanana.cli;

import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobConfig;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import java.nio.file.Path;

/** A job of the test class path: sleeps, and fails in the ways that it is told to. */
public final class NapJob implements Job<NapJob.Config> {
  enum End {
    WELL,
    BAD_DATA,
    BUG
  }

  /** How long, and how it ends. */
  public record Config(Path output, long seed, int naps, End end) implements JobConfig {
    public Config {
      Check.that(naps > 0, "naps", "must be > 0, got %s", naps);
    }
  }

  @Override
  public String name() {
    return "nap";
  }

  @Override
  public String summary() {
    return "Sleeps a little.";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public JobPlan plan(Config config) {
    return JobPlan.empty().with("naps", Integer.toString(config.naps()));
  }

  @Override
  public void run(Config config, JobContext context) {
    for (int i = 0; i < config.naps() && !context.cancellation().requested(); i++) {
      context.progress().line("nap " + i);
      sleep();
    }
    switch (config.end()) {
      case WELL -> context.progress().line("awake");
      case BAD_DATA -> throw new DataException("docs.jsonl, line 3: no field text; name the field");
      case BUG -> throw new IllegalStateException("a broken invariant");
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
