package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective.Forward;

/** A model that computes beside its student; it is closed with this. */
public record LiveTeacher(Llama model, LossConfig loss) implements Teacher {
  @Override
  public Answer answer(Forward forward, TokenBatch batch, TokenInput input) {
    Tape own = Tape.forwardOnly(forward.tape().kernels(), forward.tape().scope());
    Tensor said = model.hidden(own, input, false).value();
    if (loss.topK() == 0) {
      return (tape, scaled, hidden, head, targets, sums) ->
          tape.divergence(scaled, hidden, head, said, model.head().compute(), targets, sums);
    }
    int count = Math.min(loss.topK(), model.config().vocabularySize());
    TopTokens top = TopTokens.of(model, said, loss.temperature(), count, own.scope());
    own.scope().release(said);
    return answer(top, loss);
  }

  static Answer answer(TopTokens top, LossConfig loss) {
    return (tape, scaled, hidden, head, targets, sums) ->
        tape.topDivergence(
            scaled,
            loss.rest(),
            hidden,
            head,
            top.ids(),
            top.logProbabilities(),
            top.logRest(),
            targets,
            sums);
  }

  /** A forward pass is a third of a training step. */
  @Override
  public double flopsPerToken(int time) {
    return model.config().trainingFlopsPerToken(time) / 3;
  }

  @Override
  public void close() {
    model.close();
  }
}
