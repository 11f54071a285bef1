package io.kanana.data.filter.run;

import io.kanana.core.job.JobPlan;
import io.kanana.data.parquet.TableColumns;
import java.util.List;

/**
 * Who does the work of a run: the threads of this process, or a cluster of machines. Documents and
 * statistics do not depend on it. Each method does what a former run has not done yet, and breaks
 * off with {@link io.kanana.core.job.Stopped} where the run is asked to stop. For one thread.
 */
public interface Engine extends AutoCloseable {
  /** An engine of a job's configuration, chosen by {@code type}: the section {@code compute}. */
  interface Config {
    /** An engine for one run. */
    Engine create(FilterRun run);

    /**
     * What running would take.
     *
     * @param plan to which it is added
     * @param shards how the corpus is cut
     */
    JobPlan plan(JobPlan plan, FilterConfig.Shards shards);
  }

  /** Reads the sources and takes their documents through the first stage. */
  Input first();

  /**
   * Makes the decision that a later stage begins with, keeps it by {@link FilterRun#keep}, and
   * takes all shards through the stage. Those of the stage before are there.
   *
   * @param shards the names of all, in the corpus's order
   */
  void later(Stage stage, List<String> shards);

  /** What the reports of all shards and stages come to. */
  Totals totals(List<String> shards);

  /** The columns that hold all documents of all these files in tables. */
  TableColumns columns(List<JoinedLines> files);

  /** Makes files, each as an artefact of its own. */
  void write(List<OutputFile> files);

  /** Ends everything that works for it; nothing writes to the work directory any more. */
  @Override
  void close();
}
