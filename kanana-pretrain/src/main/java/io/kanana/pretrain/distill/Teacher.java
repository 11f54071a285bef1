package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective.Forward;
import java.util.Map;

/** Knows the distributions that a student learns. */
public interface Teacher extends AutoCloseable {
  /** What a teacher says of one micro-batch, in memory of the tape's scope. */
  interface Answer {
    /** Records the loss of a student on the tape; see {@link Tape#divergence}. */
    void lose(
        Tape tape,
        DistillationLoss loss,
        Variable hidden,
        Parameter head,
        Tensor targets,
        Tensor sums);

    /**
     * Its residual streams, [N, C], behind the layers whose streams it was asked to keep; none of a
     * teacher that does not compute.
     */
    default Map<Integer, Tensor> hiddenStates() {
      return Map.of();
    }
  }

  /**
   * Its answer for a batch; only the tape's scope, the batch and its place in the data are read.
   */
  Answer answer(Forward forward, TokenBatch batch, TokenInput input);

  /** Operations for one token in sequences of {@code time} positions, apart from the student's. */
  double flopsPerToken(int time);

  @Override
  void close();
}
