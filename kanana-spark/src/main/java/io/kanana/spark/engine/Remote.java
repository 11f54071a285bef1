package io.kanana.spark.engine;

import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.run.Cascade;
import io.kanana.data.filter.run.ShardTask;
import io.kanana.data.filter.run.SketchFiles;
import io.kanana.data.filter.run.Stage;
import io.kanana.data.filter.run.WorkDirectory;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.apache.spark.TaskContext;

/**
 * A run as a machine of the cluster knows it, in a task.
 *
 * @param application its name at Spark, another for each run
 * @param configYaml the resolved configuration
 * @param directory the work directory
 */
record Remote(String application, String configYaml, String directory) implements Serializable {
  Cascade cascade() {
    return Machine.cascade(this);
  }

  WorkDirectory work() {
    return new WorkDirectory(Path.of(directory));
  }

  Stage stage(int number) {
    return cascade().stages().get(number);
  }

  CorpusFilter filter(int stage) {
    return cascade().filter(stage(stage));
  }

  ShardTask task(int stage, LongFunction<byte[]> findings) {
    return cascade().task(stage(stage), findings, stopped());
  }

  /** Whether the task that asks is to end; of the thread that calls this. */
  static BooleanSupplier stopped() {
    return TaskContext.get()::isInterrupted;
  }

  /** The sketches of a shard that were made for a stage. */
  SketchFiles.Mapped sketches(int stage, String shard, Arena arena) {
    return SketchFiles.open(work().shard(stage(stage - 1), shard), arena);
  }
}
