package io.kanana.eval;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.extension.Extensions;
import io.kanana.eval.metric.Aggregation;
import io.kanana.eval.metric.Aggregations;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.metric.Score;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.TaskLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The extensions of this module, where no program is run and each counts as wrong. */
public final class NoCode implements ExtensionProvider {
  /** Options of the metric that runs programs. */
  public record Config(List<Integer> k, List<String> modules) implements GenerationMetric.Config {
    @Override
    public GenerationMetric create(MetricContext context) {
      return new Wrong();
    }
  }

  private static final class Wrong implements GenerationMetric {
    @Override
    public List<String> names() {
      return List.of("pass@1");
    }

    @Override
    public Map<String, Score> score(Answer answer) {
      return Map.of("pass@1", new Score.Value(0));
    }

    @Override
    public Aggregation aggregation(String name) {
      return Aggregations.MEAN;
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }
  }

  /** The task files that come along, and data below a directory. */
  public static TaskLibrary library(Path directory, Map<String, Map<String, String>> data) {
    return TaskLibrary.of(
        List.of(), loaded(), new MetricContext(false), new DataFiles(directory, data));
  }

  /** All of them, ready to be chosen from. */
  public static Extensions loaded() {
    return Extensions.of(new NoCode());
  }

  @Override
  public List<Extension<?>> extensions() {
    List<Extension<?>> all = new ArrayList<>(new EvalExtensions().extensions());
    all.removeIf(extension -> extension.name().equals("pass-at-k"));
    all.add(
        new Extension<>(
            GenerationMetric.Config.class,
            "pass-at-k",
            Config.class,
            "None passes.",
            "k: [1]\nmodules: []"));
    return all;
  }
}
