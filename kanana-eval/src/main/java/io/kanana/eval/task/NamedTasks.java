package io.kanana.eval.task;

/**
 * Tasks of task files.
 *
 * @param name of a task, a group or a tag
 */
public record NamedTasks(String name) implements BenchmarkTask.Config {
  @Override
  public TaskTree create(TaskLibrary library) {
    return library.find(name);
  }
}
