package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.LayerObserver;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective.Forward;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model that computes beside its student; it is closed with this.
 *
 * @param kept the layers whose residual streams are part of an answer
 */
public record LiveTeacher(Llama model, LossConfig loss, Set<Integer> kept) implements Teacher {
  public LiveTeacher {
    kept = Set.copyOf(kept);
    for (int layer : kept) {
      if (layer < 0 || layer >= model.config().layers()) {
        throw new IllegalArgumentException("there is no layer " + layer + " to keep");
      }
    }
  }

  /** One of whom only the distributions are learned. */
  public LiveTeacher(Llama model, LossConfig loss) {
    this(model, loss, Set.of());
  }

  @Override
  public Answer answer(Forward forward, TokenBatch batch, TokenInput input) {
    Tape own = Tape.forwardOnly(forward.tape().kernels(), forward.tape().scope());
    Map<Integer, Tensor> streams = streams(own.scope(), batch.targets().length);
    Tensor said = model.hidden(own, input, copying(streams)).value();
    return new WithStreams(answer(own, said), streams);
  }

  /** Room for what is kept, which must be there before the layers that give back all they take. */
  private Map<Integer, Tensor> streams(Scope scope, int rows) {
    Map<Integer, Tensor> streams = new TreeMap<>();
    kept.forEach(
        layer -> streams.put(layer, scope.allocate(DType.F32, rows, model.config().hiddenSize())));
    return streams;
  }

  private static LayerObserver copying(Map<Integer, Tensor> streams) {
    return (tape, layer, site, value) -> {
      if (site == LayerObserver.Site.OUTPUT && streams.containsKey(layer)) {
        tape.kernels().copy(value.value(), streams.get(layer));
      }
    };
  }

  private Answer answer(Tape own, Tensor said) {
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

  /** An answer, and the streams on the way to it. */
  private record WithStreams(Answer answer, Map<Integer, Tensor> hiddenStates) implements Answer {
    @Override
    public void lose(
        Tape tape,
        DistillationLoss loss,
        Variable hidden,
        Parameter head,
        Tensor targets,
        Tensor sums) {
      answer.lose(tape, loss, hidden, head, targets, sums);
    }
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
