package io.kanana.posttrain.online;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.error.KananaException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Answers that are sampled and scored while steps before theirs are trained, by a copy of the
 * policy that is a fixed number of steps old: the answers of step t come from the weights after
 * step t - 1 - staleness, however fast either side is, so that a run is the same every time. A
 * checkpoint waits for what is under way; the log then has the answers of the steps that come next.
 */
final class SampledAhead implements AnswerSupply {
  private final AnswerMaker maker;
  private final PairLog log;
  private final int staleness;
  private final Supplier<Worker> opening;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("sampling").factory());
  private final TreeMap<Long, Future<List<ScoredAnswers>>> underWay = new TreeMap<>();
  private Worker worker;

  /** What the other thread works with. */
  record Worker(TensorBackend backend, Llama copy, Scorer scorer) {}

  /**
   * @param staleness at least 1
   * @param backend opens a back end of the sampling thread's own
   * @param scorers opens a scorer on it
   * @param log closed with this
   */
  SampledAhead(
      AnswerMaker maker,
      PairLog log,
      int staleness,
      ModelConfig shape,
      Precision precision,
      Supplier<TensorBackend> backend,
      Function<TensorBackend, Scorer> scorers) {
    this.maker = maker;
    this.log = log;
    this.staleness = staleness;
    this.opening =
        () -> {
          TensorBackend own = backend.get();
          return new Worker(own, Llama.frozen(shape, precision, own), scorers.apply(own));
        };
  }

  @Override
  public List<ScoredAnswers> take(Llama policy, long step) {
    List<Long> wanted =
        LongStream.rangeClosed(step, step + staleness)
            .filter(ahead -> !underWay.containsKey(ahead) && !isKnown(ahead))
            .boxed()
            .toList();
    if (!wanted.isEmpty()) {
      List<float[]> weights = weights(policy);
      wanted.forEach(
          ahead -> underWay.put(ahead, thread.submit(() -> make(weights, ahead, step - 1))));
    }
    return result(underWay.remove(step));
  }

  /** Whether the answers of a step stand in the log, which a run that was killed has left. */
  private boolean isKnown(long step) {
    List<ScoredAnswers> found = log.of(step, maker.questionsPerStep());
    if (found.isEmpty()) {
      return false;
    }
    underWay.put(step, CompletableFuture.completedFuture(found));
    return true;
  }

  private static List<float[]> weights(Llama policy) {
    List<float[]> weights = new ArrayList<>();
    for (Parameter parameter : policy.parameters()) {
      weights.add(policy.backend().floats(parameter.value()));
    }
    return weights;
  }

  /** On the other thread. */
  private List<ScoredAnswers> make(List<float[]> weights, long step, long after) {
    if (worker == null) {
      worker = opening.get();
    }
    Llama copy = worker.copy;
    for (int i = 0; i < weights.size(); i++) {
      worker.backend.write(weights.get(i), copy.parameters().get(i).value());
    }
    copy.refreshCopies();
    List<ScoredAnswers> answers = maker.make(copy, worker.scorer, step);
    log.add(step, after, answers);
    return answers;
  }

  private static List<ScoredAnswers> result(Future<List<ScoredAnswers>> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KananaException fault) {
        throw fault;
      }
      throw new IllegalStateException("sampling failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for answers", e);
    }
  }

  @Override
  public void settle() {
    underWay.values().forEach(SampledAhead::result);
  }

  @Override
  public void close() {
    underWay.values().forEach(future -> future.cancel(false));
    thread.execute(this::closeWorker);
    thread.close();
    log.close();
  }

  private void closeWorker() {
    if (worker != null) {
      worker.scorer.close();
      worker.copy.close();
      worker.backend.close();
    }
  }
}
