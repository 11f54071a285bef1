package io.kanana.eval.job;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.Stopped;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.report.ResultsDirectory;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Journal;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.TaskLibrary;
import io.kanana.eval.task.TaskTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * The job {@code evaluate}: asks a model benchmark questions, and writes figures, samples and
 * tables to {@code results}. What was answered is kept in {@code journal.jsonl}; going on asks only
 * for the rest.
 */
public final class EvaluateJob implements Job<EvaluateConfig> {
  /** The directory of the results below the job's output. */
  public static final String RESULTS = "results";

  private static final String JOURNAL = "journal.jsonl";

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "Measures a model on benchmark tasks.";
  }

  @Override
  public Class<EvaluateConfig> configType() {
    return EvaluateConfig.class;
  }

  @Override
  public JobPlan plan(EvaluateConfig config) {
    String model = config.model().plan();
    List<String> names = new ArrayList<>();
    for (TaskTree tree : trees(config)) {
      for (BenchmarkTask task : tree.tasks()) {
        names.add(task.name());
      }
    }
    return JobPlan.empty()
        .with("model", model)
        .with("tasks", names.size() + ": " + String.join(", ", names));
  }

  /** The tasks of a configuration, which are checked by this. */
  static List<TaskTree> trees(EvaluateConfig config) {
    Extensions extensions = Extensions.load(EvaluateJob.class.getClassLoader());
    TaskLibrary library =
        TaskLibrary.of(
            config.taskDirectories(),
            extensions,
            new MetricContext(config.runCode()),
            config.dataFiles());
    List<TaskTree> trees = config.tasks().stream().map(task -> task.create(library)).toList();
    checkDifferent(trees.stream().map(TaskTree::name).toList());
    return trees;
  }

  /** Of two tasks of one name, one would be lost. */
  private static void checkDifferent(List<String> names) {
    for (String name : names) {
      if (Collections.frequency(names, name) > 1) {
        throw new ConfigException(
            "tasks",
            "must have different names, got "
                + name
                + " more than once; give one a run of its own");
      }
    }
  }

  @Override
  public void run(EvaluateConfig config, JobContext context) {
    Path results = context.output().resolve(RESULTS);
    Artefact.recover(results);
    List<TaskTree> trees = trees(config);
    try (EvaluationModel model = config.model().open(context.clock());
        Journal journal = new Journal(context.output().resolve(JOURNAL), model.identity())) {
      context.keepConfig();
      long begin = context.clock().millis();
      Evaluation evaluation =
          new Evaluation(
              config.prompts(model::conversation), config.bootstrapIterations(), journal);
      Evaluation.Results found =
          evaluation.run(
              trees, model, new AskingProgress(context), context.cancellation()::requested);
      double seconds = (context.clock().millis() - begin) / 1e3;
      ResultsDirectory.Run run =
          new ResultsDirectory.Run(
              config.model().label(),
              config.model().directory(),
              model.identity(),
              context.configYaml(),
              context.clock().instant(),
              model.flops(),
              seconds);
      ResultsDirectory.write(results, run, evaluation.prompts(), found);
      ResultsDirectory.table(found).forEach(context.progress()::line);
    } catch (Stopped _) {
      // the journal has all answers so far
    }
  }

  /** Every figure, as {@code gsm8k.exact_match,strict-match}. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return ResultsDirectory.measurements(output.resolve(RESULTS));
  }
}
