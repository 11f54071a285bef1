package io.kanana.spark;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobPlan;
import io.kanana.data.filter.run.Engine;
import io.kanana.data.filter.run.FilterConfig;
import io.kanana.data.filter.run.FilterRun;
import java.util.Map;

/**
 * An Apache Spark cluster. What {@code spark-submit} was told goes before what is said here.
 *
 * @param master as Spark writes it: {@code local[*]}, {@code spark://host:7077}, {@code yarn}
 * @param options of Spark: {@code spark.executor.memory: 8g}
 */
public record SparkCompute(String master, Map<String, String> options) implements Engine.Config {
  public SparkCompute {
    options = Map.copyOf(options);
    Check.that(!master.isBlank(), "master", "must name a master, such as local[*]");
    for (String option : options.keySet()) {
      Check.that(
          option.startsWith("spark."),
          "options",
          "must be options of Spark, which begin with spark., got %s",
          option);
    }
  }

  @Override
  public Engine create(FilterRun run) {
    return SparkLoader.engine(run, this);
  }

  @Override
  public JobPlan plan(JobPlan plan, FilterConfig.Shards shards) {
    return plan.with("Spark", master);
  }
}
