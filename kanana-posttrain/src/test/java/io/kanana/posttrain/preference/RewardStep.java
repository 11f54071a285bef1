package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.ArrayList;
import java.util.List;

/** Loss and gradients of all pairs, in micro-batches. */
record RewardStep(Llama model, PairBatches data) {
  /**
   * @param sums of the terms
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Result(double loss, List<String> terms, double[] sums, long pairs) {
    double mean(String term) {
      return sums[terms.indexOf(term)] / pairs;
    }
  }

  Result run(double centreCoefficient, int microBatch) {
    return run(centreCoefficient, microBatch, true);
  }

  /**
   * @param backward whether gradients are left, after they were cleared
   */
  Result run(double centreCoefficient, int microBatch, boolean backward) {
    RewardObjective objective = new RewardObjective(centreCoefficient, data);
    List<TokenBatch> step = new ArrayList<>();
    int rows = (int) data.epochLength();
    for (int row = 0; row < rows; row += microBatch) {
      step.add(data.batch(row, Math.min(microBatch, rows - row)));
    }
    long pairs = step.stream().mapToLong(objective::targets).sum();
    TensorBackend backend = model.backend();
    if (backward) {
      model.clearGradients();
    }
    try (Scope scope = backend.scope("step")) {
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      long first = 0;
      for (TokenBatch batch : step) {
        Tape tape =
            backward
                ? Tape.recording(backend.kernels(), scope)
                : Tape.forwardOnly(backend.kernels(), scope);
        objective.accumulate(
            new TrainingObjective.Forward(model, tape, first, false),
            batch,
            batch.input(backend, scope),
            1.0 / pairs,
            sums);
        tape.backward();
        first += batch.rows();
      }
      double[] all = backend.doubles(sums);
      return new Result(objective.loss(all, pairs), objective.terms(), all, pairs);
    }
  }
}
