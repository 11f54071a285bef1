package io.kanana.eval.run;

import io.kanana.core.error.DataException;
import io.kanana.core.job.Stopped;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.BenchmarkTask.Example;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Asks a model everything that some tasks want to know, each request once, and scores the answers.
 *
 * @param iterations of bootstraps
 * @param answers that need not be asked for, and where new ones go
 */
public record Evaluation(PromptSettings prompts, int iterations, Answers answers) {
  /** Is told how far the asking is. */
  public interface Listener {
    /**
     * Called before the first answer and after each.
     *
     * @param done requests that are answered, those from before included
     * @param work of these
     * @param all requests
     * @param allWork of these
     * @param asked work that was done in this run
     */
    void at(int done, long work, int all, long allWork, long asked);
  }

  /**
   * Figures of tasks by name, and of groups by name, in the order in which they were asked for; a
   * group comes before the groups in it.
   */
  public record Results(Map<String, TaskResult> tasks, Map<String, GroupResult> groups) {}

  /**
   * Runs tasks.
   *
   * @throws Stopped if somebody asked for it before all answers were there; those that are there
   *     were kept
   */
  public Results run(
      List<TaskTree> trees, EvaluationModel model, Listener listener, BooleanSupplier stop) {
    Map<String, BenchmarkTask> tasks = new LinkedHashMap<>();
    trees.forEach(tree -> tree.tasks().forEach(task -> tasks.putIfAbsent(task.name(), task)));
    Map<String, List<Example>> examples = new LinkedHashMap<>();
    Set<Request> requests = new LinkedHashSet<>();
    tasks.forEach(
        (name, task) -> {
          List<Example> questions = task.examples(prompts);
          questions.forEach(question -> requests.addAll(question.requests()));
          examples.put(name, questions);
        });
    Map<Request, Response> responses = ask(requests, model, listener, stop);
    Map<String, TaskResult> results = new LinkedHashMap<>();
    tasks.forEach(
        (name, task) ->
            results.put(
                name,
                TaskResult.of(task, samples(task, examples.get(name), responses), iterations)));
    Map<String, GroupResult> groups = new LinkedHashMap<>();
    trees.forEach(tree -> addGroups(tree, results, groups));
    return new Results(results, groups);
  }

  private Map<Request, Response> ask(
      Set<Request> requests, EvaluationModel model, Listener listener, BooleanSupplier stop) {
    Map<Request, Response> responses = new LinkedHashMap<>();
    List<Request> missing = new ArrayList<>();
    for (Request request : requests) {
      answers
          .find(request)
          .ifPresentOrElse(
              response -> responses.put(request, response), () -> missing.add(request));
    }
    Asking asking = new Asking(requests, responses, listener);
    asking.tell();
    model.answer(
        missing,
        (request, response) -> {
          answers.keep(request, response);
          asking.add(request, response);
        },
        stop);
    if (responses.size() < requests.size()) {
      if (stop.getAsBoolean()) {
        throw new Stopped();
      }
      throw new IllegalStateException(
          "the model left " + (requests.size() - responses.size()) + " requests unanswered");
    }
    return responses;
  }

  /** Counts. */
  private static final class Asking {
    private final Map<Request, Response> responses;
    private final Listener listener;
    private final int all;
    private final long allWork;
    private long work;
    private long asked;

    Asking(Set<Request> requests, Map<Request, Response> responses, Listener listener) {
      this.responses = responses;
      this.listener = listener;
      this.all = requests.size();
      this.allWork = work(requests);
      this.work = work(responses.keySet());
    }

    private static long work(Set<Request> requests) {
      return requests.stream().mapToLong(Request::work).sum();
    }

    void add(Request request, Response response) {
      responses.put(request, response);
      work += request.work();
      asked += request.work();
      tell();
    }

    void tell() {
      listener.at(responses.size(), work, all, allWork, asked);
    }
  }

  private static List<TaskResult.Sample> samples(
      BenchmarkTask task, List<Example> examples, Map<Request, Response> responses) {
    if (examples.isEmpty()) {
      throw new DataException("task " + task.name() + " has no questions");
    }
    return examples.parallelStream()
        .map(
            example -> {
              List<Response> own = example.requests().stream().map(responses::get).toList();
              return new TaskResult.Sample(example, own, task.score(example, own));
            })
        .toList();
  }

  private static void addGroups(
      TaskTree tree, Map<String, TaskResult> results, Map<String, GroupResult> groups) {
    if (tree instanceof TaskTree.Group group) {
      groups.putIfAbsent(group.name(), GroupResult.of(group, results));
      group.children().forEach(child -> addGroups(child, results, groups));
    }
  }
}
