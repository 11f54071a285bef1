package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.List;

/** The loss of a student by its teacher: see {@link LossConfig}. */
public final class Distillation implements TrainingObjective {
  private final LossConfig loss;
  private final Teacher teacher;

  /**
   * @param teacher stays the caller's to close
   */
  public Distillation(LossConfig loss, Teacher teacher) {
    this.loss = loss;
    this.teacher = teacher;
  }

  @Override
  public List<String> terms() {
    return List.of("divergence", "cross-entropy", "squared-log-z");
  }

  /** The teacher goes first: nothing of the student is kept while its activations are. */
  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    Tape tape = forward.tape();
    Llama student = forward.model();
    Teacher.Answer answer = teacher.answer(forward, batch, input);
    Variable hidden = student.hidden(tape, input, forward.recompute());
    Tensor targets = tape.scope().allocate(DType.I32, batch.targets().length);
    student.backend().write(batch.targets(), targets);
    answer.lose(tape, loss.scaled(scale), hidden, student.head(), targets, sums);
  }

  @Override
  public double loss(double[] sums, long targets) {
    return loss.of(sums, targets);
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return model.trainingFlopsPerToken(time) + teacher.flopsPerToken(time);
  }
}
