package io.kanana.core.train;

import io.kanana.core.autograd.Tape;
import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.Locale;

/** Measures the cross entropy of a model over one pass of held-out data. */
public final class HeldOutLoss {
  private final BatchSource data;
  private final int microBatch;
  private final long sequences;

  /**
   * @param data of one pass
   * @param microBatch rows that go through the model at once
   * @param limit the most sequences to measure, at least 1; the first ones
   */
  public HeldOutLoss(BatchSource data, int microBatch, long limit) {
    Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    Check.that(limit > 0, "limit", "must be at least 1, got %s", limit);
    this.data = data;
    this.microBatch = microBatch;
    this.sequences = Math.min(limit, data.epochLength());
  }

  /**
   * Measures a model that has made so many steps.
   *
   * @throws DataException if the data have no targets, or their targets cover no text
   */
  public HeldOutReport measure(Llama model, long step) {
    TrainingObjective objective = new NextToken(new NextToken.Config(0));
    double crossEntropy = 0;
    long targets = 0;
    long bytes = 0;
    for (long first = 0; first < sequences; first += microBatch) {
      TokenBatch batch = data.batch(first, (int) Math.min(microBatch, sequences - first));
      crossEntropy += crossEntropy(model, objective, batch);
      targets += batch.targetCount();
      bytes += batch.textBytes();
    }
    if (targets == 0 || bytes == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the held-out data have %d targets that cover %d bytes of text, so there is nothing to measure; hold more documents out",
              targets,
              bytes));
    }
    double bits = crossEntropy / Math.log(2);
    return new HeldOutReport(step, crossEntropy / targets, bits / bytes, targets, bytes);
  }

  private static double crossEntropy(Llama model, TrainingObjective objective, TokenBatch batch) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("held-out")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      TrainingObjective.Forward forward = new TrainingObjective.Forward(model, tape, false);
      objective.accumulate(forward, batch, batch.input(backend, scope), 1, sums);
      return backend.doubles(sums)[NextToken.CROSS_ENTROPY];
    }
  }
}
