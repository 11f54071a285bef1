package io.kanana.eval.run;

import io.kanana.core.error.ConfigException;
import io.kanana.eval.metric.StandardError;
import io.kanana.eval.task.TaskTree;
import io.kanana.eval.task.TaskTree.Mean;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** The key of the plain mean of several members' figures. */
  public static final String AVERAGE = "average";

  /**
   * The means of a group over the tasks that have each metric.
   *
   * @param groups those in it
   */
  static GroupResult of(
      TaskTree.Group group, Map<String, TaskResult> results, Map<String, GroupResult> groups) {
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
    if (!group.average().isEmpty()) {
      figures.put(AVERAGE, average(group, results, groups));
    }
    int samples = tasks.stream().mapToInt(task -> task.samples().size()).sum();
    return new GroupResult(group, samples, figures);
  }

  private static Figure average(
      TaskTree.Group group, Map<String, TaskResult> results, Map<String, GroupResult> groups) {
    List<Figure> figures = new ArrayList<>();
    boolean apart = true;
    for (Map.Entry<String, List<String>> member : group.average().entrySet()) {
      String name = member.getKey();
      Map<String, Figure> all =
          groups.containsKey(name) ? groups.get(name).figures() : results.get(name).figures();
      apart &= member.getValue().size() == 1;
      for (String key : member.getValue()) {
        if (!all.containsKey(key)) {
          throw new ConfigException(
              "group " + group.name() + ": average_of." + name,
              "has no figure " + key + "; it has " + all.keySet());
        }
        figures.add(all.get(key));
      }
    }
    int[] alike = new int[figures.size()];
    Arrays.fill(alike, 1);
    double sum = figures.stream().mapToDouble(Figure::value).sum();
    // figures of the same questions go together, which the error of a mean of several leaves out
    OptionalDouble error = apart ? error(figures, alike, false) : OptionalDouble.empty();
    return new Figure(sum / figures.size(), error, figures.getFirst().higherIsBetter());
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
