package io.kanana.eval;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.eval.job.BenchmarkProbe;
import io.kanana.eval.judge.JudgedTask;
import io.kanana.eval.metric.CodeSolutions;
import io.kanana.eval.metric.ExactMatch;
import io.kanana.eval.metric.FollowedInstructions;
import io.kanana.eval.metric.GenerationMetric;
import io.kanana.eval.metric.RankedFigures;
import io.kanana.eval.metric.SolvedProblems;
import io.kanana.eval.model.EndpointModel;
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
      batch-by-length: true
      """;

  private static final String ENDPOINT =
      """
      api: completions
      max-length: 2048
      concurrency: 8
      timeout-seconds: 120
      retries: 6
      """;

  private static final String BENCHMARKS =
      """
      seed: 1234
      task-directories: []
      data-directory: .
      data: {}
      bootstrap-iterations: 1000
      run-code: false
      batch-tokens: 2048
      """;

  private static final String JUDGED =
      """
      max-tokens: 1024
      judge: {max-tokens: 1024, concurrency: 8, timeout-seconds: 120, retries: 6}
      """;

  private static final String PASS_AT_K =
      """
      k: [1]
      python: python3
      modules: []
      limits: {cpu-seconds: 10, wall-seconds: 30, memory-mib: 2048, processes: 32, scratch-mib: 16}
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
            EvaluationModel.Config.class,
            "endpoint",
            EndpointModel.Config.class,
            "A model behind an endpoint of OpenAI's form: completions with log-probabilities, or chat.",
            ENDPOINT),
        new Extension<>(
            CheckpointProbe.Config.class,
            "benchmarks",
            BenchmarkProbe.Config.class,
            "Benchmark tasks on the checkpoints of a training run.",
            BENCHMARKS),
        new Extension<>(
            BenchmarkTask.Config.class,
            "named",
            NamedTasks.class,
            "A task, group or tag of the task files; plain text means this.",
            ""),
        new Extension<>(
            BenchmarkTask.Config.class,
            "judged",
            JudgedTask.Config.class,
            "Conversations whose answers a model behind an endpoint rates: MT-Bench, LogicKor, KoMT-Bench.",
            JUDGED),
        new Extension<>(
            GenerationMetric.Config.class,
            "exact-match",
            ExactMatch.Config.class,
            "Whether a generated answer is one of the right ones.",
            EXACT_MATCH),
        new Extension<>(
            GenerationMetric.Config.class,
            "pass-at-k",
            CodeSolutions.Config.class,
            "The chance that one of k programs passes its tests, which are run in a sandbox.",
            PASS_AT_K),
        new Extension<>(
            GenerationMetric.Config.class,
            "ifeval",
            FollowedInstructions.Config.class,
            "IFEval's accuracies of prompts and of instructions, strict and loose.",
            ""),
        new Extension<>(
            GenerationMetric.Config.class,
            "boxed-answer",
            SolvedProblems.Config.class,
            "Whether the last boxed answer of a solution has the value of the right one.",
            ""),
        new Extension<>(
            GenerationMetric.Config.class,
            "spearman",
            RankedFigures.Config.class,
            "The rank correlation of the numbers that a model says with the right ones.",
            ""));
  }
}
