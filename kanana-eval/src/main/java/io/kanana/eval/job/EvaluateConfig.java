package io.kanana.eval.job;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.PromptSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The configuration of {@code job: evaluate}.
 *
 * @param seed of the draws of examples that are shown before questions
 * @param tasks names of tasks, groups or tags of task files, or tasks written in Java
 * @param taskDirectories task files besides those that come along; a task there takes the place of
 *     one that comes along
 * @param dataDirectory what relative paths of data are relative to
 * @param data files by data set and part, where {@code {name}} stands for its configuration
 * @param limit the most questions of each task; all where absent
 * @param fewShot examples before each question; the task's own number where absent
 * @param chat asks in conversations, by the model's chat template; plain text where absent
 * @param bootstrapIterations of standard errors that are found by drawing; 0 for no errors at all
 * @param runCode whether programs that the model writes may be run
 */
public record EvaluateConfig(
    Path output,
    long seed,
    EvaluationModel.Config model,
    List<BenchmarkTask.Config> tasks,
    List<Path> taskDirectories,
    Path dataDirectory,
    Map<String, Map<String, String>> data,
    OptionalInt limit,
    OptionalInt fewShot,
    Optional<Chat> chat,
    int bootstrapIterations,
    boolean runCode)
    implements JobConfig {

  /**
   * Questions as conversations.
   *
   * @param system an instruction before everything else
   * @param multiturn whether each example is a turn of its own
   */
  public record Chat(Optional<String> system, boolean multiturn) {}

  public EvaluateConfig {
    tasks = List.copyOf(tasks);
    taskDirectories = List.copyOf(taskDirectories);
    Check.that(!tasks.isEmpty(), "tasks", "must name at least one task");
    Check.that(limit.orElse(1) > 0, "limit", "must be at least 1, got %s", limit.orElse(0));
    Check.that(fewShot.orElse(0) >= 0, "few-shot", "must be >= 0, got %s", fewShot.orElse(0));
    Check.that(
        bootstrapIterations >= 0,
        "bootstrap-iterations",
        "must be >= 0, got %s",
        bootstrapIterations);
  }

  DataFiles dataFiles() {
    return new DataFiles(dataDirectory, data);
  }

  PromptSettings prompts(PromptSettings.Writer writer) {
    return new PromptSettings(
        limit,
        fewShot,
        seed,
        chat.map(wanted -> new PromptSettings.Chat(writer, wanted.system, wanted.multiturn)));
  }
}
