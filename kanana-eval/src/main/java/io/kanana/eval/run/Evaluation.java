package io.kanana.eval.run;

import io.kanana.core.error.DataException;
import io.kanana.core.job.Stopped;
import io.kanana.eval.model.EvaluationModel;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.BenchmarkTask.Answered;
import io.kanana.eval.task.BenchmarkTask.Example;
import io.kanana.eval.task.BenchmarkTask.Outcome;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Map<String, List<Asked>> questions = new LinkedHashMap<>();
    tasks.forEach((name, task) -> questions.put(name, questions(task)));
    List<Asked> all = questions.values().stream().flatMap(List::stream).toList();
    Map<Request, Response> responses;
    do {
      Set<Request> requests = new LinkedHashSet<>();
      all.forEach(question -> requests.addAll(question.requests));
      responses = ask(requests, model, listener, stop);
    } while (goOn(all, responses));
    Map<String, TaskResult> results = new LinkedHashMap<>();
    for (Map.Entry<String, BenchmarkTask> task : tasks.entrySet()) {
      List<TaskResult.Sample> samples =
          samples(task.getValue(), questions.get(task.getKey()), responses);
      results.put(task.getKey(), TaskResult.of(task.getValue(), samples, iterations));
    }
    return new Results(results, groups(trees, results));
  }

  private List<Asked> questions(BenchmarkTask task) {
    List<Asked> questions = task.examples(prompts).stream().map(e -> new Asked(task, e)).toList();
    if (questions.isEmpty()) {
      throw new DataException("task " + task.name() + " has no questions");
    }
    return questions;
  }

  /** Whether there is more to ask, now that these answers are there. */
  private boolean goOn(List<Asked> questions, Map<Request, Response> responses) {
    boolean more = false;
    for (Asked question : questions) {
      more |= question.goOn(responses, prompts);
    }
    return more;
  }

  /** A question and all that is asked about it, which grows where its task asks on. */
  private static final class Asked {
    private final BenchmarkTask task;
    private final Example example;
    private final List<Request> requests;

    Asked(BenchmarkTask task, Example example) {
      this.task = task;
      this.example = example;
      this.requests = new ArrayList<>(example.requests());
    }

    boolean goOn(Map<Request, Response> responses, PromptSettings prompts) {
      Optional<Request> next = task.next(example, own(responses), prompts);
      next.ifPresent(requests::add);
      return next.isPresent();
    }

    private List<Response> own(Map<Request, Response> responses) {
      return requests.stream().map(responses::get).toList();
    }

    Answered answered(Map<Request, Response> responses) {
      return new Answered(example, requests, own(responses));
    }
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
      BenchmarkTask task, List<Asked> questions, Map<Request, Response> responses) {
    List<Answered> answered = questions.stream().map(q -> q.answered(responses)).toList();
    List<Outcome> outcomes = task.score(answered);
    List<TaskResult.Sample> samples = new ArrayList<>();
    for (int i = 0; i < answered.size(); i++) {
      samples.add(new TaskResult.Sample(answered.get(i), outcomes.get(i)));
    }
    return samples;
  }

  private static Map<String, GroupResult> groups(
      List<TaskTree> trees, Map<String, TaskResult> results) {
    Map<String, GroupResult> found = new HashMap<>();
    List<String> order = new ArrayList<>();
    trees.forEach(tree -> addGroups(tree, results, found, order));
    Map<String, GroupResult> ordered = new LinkedHashMap<>();
    order.forEach(name -> ordered.put(name, found.get(name)));
    return ordered;
  }

  /** Those in a group are needed for its figures, and stand behind it. */
  private static void addGroups(
      TaskTree tree,
      Map<String, TaskResult> results,
      Map<String, GroupResult> found,
      List<String> order) {
    if (tree instanceof TaskTree.Group group) {
      order.add(group.name());
      group.children().forEach(child -> addGroups(child, results, found, order));
      found.put(group.name(), GroupResult.of(group, results, found));
    }
  }
}
