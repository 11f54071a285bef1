package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingListener;
import io.kanana.core.train.TrainingObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures a policy on pairs that it is not trained on: the terms of {@link PreferenceTerms} as
 * means over pairs, and its divergence from the reference, KL(policy || reference) in nats, as the
 * mean over the answers' tokens. The divergence is that of the whole distributions, after texts of
 * the data and not of the policy's own.
 */
final class HeldOutPairs implements HeldOut {
  private final PreferenceObjective objective;
  private final PairBatches data;
  private final int microBatch;
  private final long rows;
  private final Optional<Llama> reference;

  /**
   * @param objective over the same pairs
   * @param data of a single pass
   * @param rows the most that are measured; the first ones
   * @param reference to take the divergence from; stays the caller's
   */
  HeldOutPairs(
      PreferenceObjective objective,
      PairBatches data,
      int microBatch,
      long rows,
      Optional<Llama> reference) {
    this.objective = objective;
    this.data = data;
    this.microBatch = microBatch;
    this.rows = Math.min(rows, data.epochLength());
    this.reference = reference;
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    double[] sums = new double[objective.terms().size()];
    double divergence = 0;
    long pairs = 0;
    long tokens = 0;
    List<TokenBatch> batches = batches();
    TrainingObjective all = objective.forStep(model, batches, 0);
    long first = 0;
    for (TokenBatch batch : batches) {
      add(terms(all, model, batch, first), sums);
      first += batch.rows();
      divergence += reference.isPresent() ? divergence(model, batch) : 0;
      pairs += objective.targets(batch);
      tokens += batch.targetCount();
    }
    SortedMap<String, Double> figures = new TreeMap<>();
    for (int i = 0; i < sums.length; i++) {
      figures.put(objective.terms().get(i), sums[i] / pairs);
    }
    if (reference.isPresent()) {
      figures.put("divergence", divergence / tokens);
    }
    listener.measured("held-out", step, figures);
  }

  private List<TokenBatch> batches() {
    List<TokenBatch> batches = new ArrayList<>();
    for (long first = 0; first < rows; first += microBatch) {
      batches.add(data.batch(first, (int) Math.min(microBatch, rows - first)));
    }
    return batches;
  }

  private static void add(double[] terms, double[] sums) {
    Arrays.setAll(sums, i -> sums[i] + terms[i]);
  }

  private double[] terms(TrainingObjective all, Llama model, TokenBatch batch, long first) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("held-out pairs")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      all.accumulate(
          new TrainingObjective.Forward(model, tape, first, false),
          batch,
          batch.input(backend, scope),
          1,
          sums);
      return backend.doubles(sums);
    }
  }

  /** The sum over targets of KL(policy || reference). */
  private double divergence(Llama model, TokenBatch batch) {
    TensorBackend backend = model.backend();
    Llama other = reference.orElseThrow();
    try (Scope scope = backend.scope("divergence")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = batch.input(backend, scope);
      Tensor targets = scope.allocate(DType.I32, batch.targets().length);
      backend.write(batch.targets(), targets);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, DistillationLoss.SUMS);
      Variable hidden = model.hidden(tape, input, false);
      Variable referenceHidden = other.hidden(tape, input, false);
      tape.divergence(
          DistillationLoss.of(Divergence.REVERSE, 0.5, 1, 1),
          hidden,
          model.head(),
          referenceHidden.value(),
          other.head().compute(),
          targets,
          sums);
      return backend.doubles(sums)[DistillationLoss.DIVERGENCE];
    }
  }
}
