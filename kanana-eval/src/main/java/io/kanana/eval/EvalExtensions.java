package io.kanana.eval;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.eval.metric.ExactMatch;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.model.LocalModel;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.NamedTasks;
import java.util.List;

/** The open parts of this module that a configuration or a task file may choose by name. */
public final class EvalExtensions implements ExtensionProvider {
  private static final String CHECKPOINT =
      """
      backend: auto
      precision: f32
      batch-tokens: 8192
      rolling-context: 1
      share-prefixes: true
      """;

  private static final String EXACT_MATCH =
      """
      regexes-to-ignore: []
      ignore-case: false
      ignore-punctuation: false
      ignore-numbers: false
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            EvaluationModel.Config.class,
            "checkpoint",
            LocalModel.Config.class,
            "A Llama in this process: a checkpoint of ours, or any Hugging Face directory.",
            CHECKPOINT),
        new Extension<>(
            BenchmarkTask.Config.class,
            "named",
            NamedTasks.class,
            "A task, group or tag of the task files; plain text means this.",
            ""),
        new Extension<>(
            GenerationMetric.Config.class,
            "exact-match",
            ExactMatch.Config.class,
            "Whether a generated answer is one of the right ones.",
            EXACT_MATCH));
  }
}
