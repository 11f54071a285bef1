package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Parameter;
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
import java.util.Optional;

/** The loss of a student by its teacher: see {@link LossConfig}. */
public final class Distillation implements TrainingObjective {
  private static final List<String> TERMS =
      List.of("divergence", "cross-entropy", "squared-log-z", "hidden-states");
  private static final int HIDDEN_STATES = 3;

  private final LossConfig loss;
  private final Teacher teacher;
  private final Optional<HiddenStates> hiddenStates;

  /**
   * By distributions alone.
   *
   * @param teacher stays the caller's to close
   */
  public Distillation(LossConfig loss, Teacher teacher) {
    this(loss, teacher, Optional.empty());
  }

  /**
   * @param teacher stays the caller's to close; it keeps the streams that are compared
   * @param hiddenStates stays the caller's to close
   */
  public Distillation(LossConfig loss, Teacher teacher, Optional<HiddenStates> hiddenStates) {
    this.loss = loss;
    this.teacher = teacher;
    this.hiddenStates = hiddenStates;
  }

  @Override
  public List<String> terms() {
    return hiddenStates.isPresent() ? TERMS : TERMS.subList(0, HIDDEN_STATES);
  }

  @Override
  public List<Parameter> parameters() {
    return hiddenStates.map(HiddenStates::parameters).orElse(List.of());
  }

  /** The teacher goes first: nothing of the student is kept while its activations are. */
  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    Tape tape = forward.tape();
    Llama student = forward.model();
    Teacher.Answer answer = teacher.answer(forward, batch, input);
    List<Variable> states = student.hiddenStates(tape, input, forward.recompute());
    Tensor targets = tape.scope().allocate(DType.I32, batch.targets().length);
    student.backend().write(batch.targets(), targets);
    Tensor own = sums.slice(0, HIDDEN_STATES);
    answer.lose(tape, loss.scaled(scale), states.getLast(), student.head(), targets, own);
    hiddenStates.ifPresent(
        hidden ->
            hidden.lose(
                tape,
                states,
                answer.hiddenStates(),
                batch,
                scale,
                sums.slice(HIDDEN_STATES, HIDDEN_STATES + 1)));
  }

  @Override
  public double loss(double[] sums, long targets) {
    double far =
        hiddenStates.map(hidden -> hidden.config().weight() * sums[HIDDEN_STATES]).orElse(0.0);
    return loss.of(sums, targets) + far / targets;
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return model.trainingFlopsPerToken(time)
        + teacher.flopsPerToken(time)
        + hiddenStates.map(HiddenStates::flopsPerToken).orElse(0.0);
  }
}
