package io.kanana.eval.task;

import io.kanana.core.config.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task, or a group of tasks and groups with figures over them. */
public sealed interface TaskTree {
  /** One task. */
  record Leaf(BenchmarkTask task) implements TaskTree {
    @Override
    public String name() {
      return task.name();
    }

    @Override
    public List<BenchmarkTask> tasks() {
      return List.of(task);
    }
  }

  /**
   * Tasks under a name.
   *
   * @param means figures over all tasks below; none where the name only selects
   * @param average of which figures of which members the figure {@code average} is the plain mean,
   *     as that of several benchmarks in a paper's table; none where empty
   */
  record Group(
      String name,
      String version,
      List<TaskTree> children,
      List<Mean> means,
      Map<String, List<String>> average)
      implements TaskTree {
    public Group {
      children = List.copyOf(children);
      means = List.copyOf(means);
      average = Collections.unmodifiableMap(new LinkedHashMap<>(average));
    }

    @Override
    public List<BenchmarkTask> tasks() {
      List<BenchmarkTask> tasks = new ArrayList<>();
      children.forEach(child -> tasks.addAll(child.tasks()));
      return tasks;
    }
  }

  /**
   * The mean of a metric over tasks that have it.
   *
   * @param filters of these filters; empty for all that the tasks have
   * @param weightBySize whether each task counts as many times as it has questions
   */
  record Mean(String metric, Optional<List<String>> filters, boolean weightBySize) {
    public Mean {
      Check.that(!metric.isBlank(), "metric", "must name a metric");
    }
  }

  String name();

  /** The tasks below, in order. */
  List<BenchmarkTask> tasks();
}
