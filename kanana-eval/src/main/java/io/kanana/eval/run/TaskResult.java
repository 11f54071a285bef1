package io.kanana.eval.run;

import io.kanana.eval.metric.Score;
import io.kanana.eval.metric.StandardError;
import io.kanana.eval.request.Response;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.BenchmarkTask.Answered;
import io.kanana.eval.task.BenchmarkTask.Example;
import io.kanana.eval.task.BenchmarkTask.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A task with its answers and figures.
 *
 * @param samples one for each question, in order
 * @param figures by key, such as {@code acc,none}, in the order of the task
 */
public record TaskResult(BenchmarkTask task, List<Sample> samples, Map<String, Figure> figures) {
  /** A question with the model's answers, and what they are worth. */
  public record Sample(Answered answered, Outcome outcome) {
    public Example example() {
      return answered.example();
    }

    /** One for each of {@link Answered#requests}. */
    public List<Response> responses() {
      return answered.responses();
    }
  }

  /**
   * Puts the scores of samples together.
   *
   * @param iterations of bootstraps
   */
  static TaskResult of(BenchmarkTask task, List<Sample> samples, int iterations) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (BenchmarkTask.Measure measure : task.measures()) {
      List<Score> scores =
          samples.stream().map(sample -> sample.outcome.scores().get(measure.key())).toList();
      double value = measure.aggregation().of(scores);
      figures.put(
          measure.key(),
          new Figure(
              value,
              StandardError.of(measure.aggregation(), scores, iterations),
              measure.higherIsBetter()));
    }
    return new TaskResult(task, List.copyOf(samples), figures);
  }
}
