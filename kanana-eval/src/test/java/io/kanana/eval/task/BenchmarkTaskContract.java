package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.task.BenchmarkTask.Answered;
import io.kanana.eval.task.BenchmarkTask.Example;
import io.kanana.eval.task.BenchmarkTask.Measure;
import io.kanana.eval.task.BenchmarkTask.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link BenchmarkTask} must do; a test of one inherits it. */
public abstract class BenchmarkTaskContract {
  private static final int MOST_ROUNDS = 100;

  /** The task under test, with at least two questions; a new one at each call. */
  protected abstract BenchmarkTask task() throws Exception;

  /** How it is asked; plain unless it needs conversations. */
  protected abstract PromptSettings settings();

  @Test
  final void hasANameAndAVersion() throws Exception {
    assertThat(task().name()).isNotBlank().doesNotContain(",", "\n");
    assertThat(task().version()).isNotBlank();
    assertThat(task().settings(settings())).isNotNull();
  }

  @Test
  final void asksTheSameAtEachRun() throws Exception {
    List<Example> examples = task().examples(settings());
    assertThat(examples).hasSizeGreaterThanOrEqualTo(2).isEqualTo(task().examples(settings()));
    assertThat(examples).extracting(Example::index).doesNotHaveDuplicates();
    assertThat(examples).allSatisfy(example -> assertThat(example.requests()).isNotEmpty());
  }

  @Test
  final void aLimitKeepsTheFirstQuestions() throws Exception {
    List<Example> examples = task().examples(settings());
    assertThat(task().examples(settings().withLimit(1))).isEqualTo(examples.subList(0, 1));
  }

  @Test
  final void everyQuestionHasAScoreForEveryMeasure() throws Exception {
    BenchmarkTask task = task();
    List<Answered> answered = new ArrayList<>();
    for (Example example : task.examples(settings())) {
      answered.add(answered(task, example));
    }
    List<Outcome> outcomes = task.score(answered);
    assertThat(outcomes).hasSameSizeAs(answered);
    assertThat(task.measures()).extracting(Measure::key).isNotEmpty().doesNotHaveDuplicates();
    for (Measure measure : task.measures()) {
      assertThat(outcomes)
          .allSatisfy(outcome -> assertThat(outcome.scores()).containsKey(measure.key()));
      double figure =
          measure
              .aggregation()
              .of(outcomes.stream().map(o -> o.scores().get(measure.key())).toList());
      assertThat(figure).as(measure.key()).isNotInfinite();
    }
  }

  /** Answers until the task has nothing more to ask. */
  private Answered answered(BenchmarkTask task, Example example) {
    List<Request> requests = new ArrayList<>(example.requests());
    List<Response> responses = new ArrayList<>();
    requests.forEach(request -> responses.add(response(request)));
    Optional<Request> next = task.next(example, responses, settings());
    while (next.isPresent()) {
      assertThat(requests.size()).as("questions that follow one another").isLessThan(MOST_ROUNDS);
      requests.add(next.get());
      responses.add(response(next.get()));
      next = task.next(example, responses, settings());
    }
    return new Answered(example, requests, responses);
  }

  private static Response response(Request request) {
    return switch (request) {
      case Request.LogLikelihood likelihood ->
          new Response.LogLikelihood(-likelihood.continuation().length(), false, 1, 1);
      case Request.RollingLogLikelihood rolling ->
          new Response.RollingLogLikelihood(-rolling.text().length(), 1, 1);
      case Request.GenerateUntil _ -> new Response.Generated("an answer", 1, 2);
    };
  }
}
