package io.kanana.spark.engine;

import io.kanana.core.error.KananaException;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A connection with Spark that can be waited for: while Spark works, the job's own thread tells how
 * far it is and looks whether it should stop.
 */
final class Session implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final JobContext context;
  private final JavaSparkContext spark;
  private final ExecutorService executor;

  Session(SparkConf conf, JobContext context) {
    this.context = context;
    this.spark = new JavaSparkContext(conf);
    this.executor = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  }

  JavaSparkContext spark() {
    return spark;
  }

  /**
   * The outcome of a computation of Spark's. What it is for is told before it begins, so that a
   * short one is told too.
   *
   * @param what it is for
   * @throws KananaException that a task threw
   * @throws Stopped where the run was asked to stop, however short the computation was
   */
  <T> T await(String what, Callable<T> computation) {
    context.progress().status(what);
    T outcome = await(what, executor.submit(computation));
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
    return outcome;
  }

  private <T> T await(String what, Future<T> future) {
    while (true) {
      try {
        return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        look(what);
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        spark.sc().cancelAllJobs();
        throw new IllegalStateException("interrupted while Spark works", e);
      }
    }
  }

  private void look(String what) {
    if (context.cancellation().requested()) {
      spark.sc().cancelAllJobs();
    }
    SparkStatusTracker tracker = spark.sc().statusTracker();
    for (int id : tracker.getActiveStageIds()) {
      if (tracker.getStageInfo(id).isDefined()) {
        SparkStageInfo stage = tracker.getStageInfo(id).get();
        context
            .progress()
            .status(
                String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d tasks",
                    what,
                    stage.numCompletedTasks(),
                    stage.numTasks()));
      }
    }
  }

  /** What a task threw, below what Spark makes of it. */
  private RuntimeException failure(Throwable thrown) {
    if (context.cancellation().requested()) {
      return new Stopped();
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof KananaException known) {
        return known;
      }
    }
    return new IllegalStateException(thrown.getMessage(), thrown);
  }

  @Override
  public void close() {
    executor.shutdownNow();
    spark.close();
  }
}
