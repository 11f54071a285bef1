package io.kanana.eval.run;

import io.kanana.eval.metric.StandardError;
import io.kanana.eval.task.TaskTree;
import io.kanana.eval.task.TaskTree.Mean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A group with its means.
 *
 * @param samples of all its tasks
 * @param figures by key; none where the group only selects
 */
public record GroupResult(TaskTree.Group group, int samples, Map<String, Figure> figures) {
  /** The means of a group over the tasks that have each metric. */
  static GroupResult of(TaskTree.Group group, Map<String, TaskResult> results) {
    List<TaskResult> tasks =
        group.tasks().stream().map(task -> results.get(task.name())).distinct().toList();
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Mean mean : group.means()) {
      for (String filter : filters(mean, tasks)) {
        String key = mean.metric() + "," + filter;
        List<TaskResult> having =
            tasks.stream().filter(task -> task.figures().containsKey(key)).toList();
        if (!having.isEmpty()) {
          figures.put(key, figure(key, having, mean.weightBySize()));
        }
      }
    }
    int samples = tasks.stream().mapToInt(task -> task.samples().size()).sum();
    return new GroupResult(group, samples, figures);
  }

  private static List<String> filters(Mean mean, List<TaskResult> tasks) {
    if (mean.filters().isPresent()) {
      return mean.filters().get();
    }
    SortedSet<String> filters = new TreeSet<>();
    String begin = mean.metric() + ",";
    for (TaskResult task : tasks) {
      task.figures().keySet().stream()
          .filter(key -> key.startsWith(begin))
          .forEach(key -> filters.add(key.substring(begin.length())));
    }
    return new ArrayList<>(filters);
  }

  private static Figure figure(String key, List<TaskResult> tasks, boolean weighted) {
    int[] sizes = tasks.stream().mapToInt(task -> task.samples().size()).toArray();
    List<Figure> figures = tasks.stream().map(task -> task.figures().get(key)).toList();
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < sizes.length; i++) {
      double weight = weighted ? sizes[i] : 1;
      sum += weight * figures.get(i).value();
      weights += weight;
    }
    return new Figure(
        sum / weights, error(figures, sizes, weighted), figures.getFirst().higherIsBetter());
  }

  private static OptionalDouble error(List<Figure> figures, int[] sizes, boolean weighted) {
    if (figures.stream().anyMatch(figure -> figure.error().isEmpty())) {
      return OptionalDouble.empty();
    }
    double[] errors = figures.stream().mapToDouble(f -> f.error().getAsDouble()).toArray();
    return OptionalDouble.of(
        weighted ? StandardError.pooled(errors, sizes) : StandardError.ofPlainMean(errors));
  }
}
