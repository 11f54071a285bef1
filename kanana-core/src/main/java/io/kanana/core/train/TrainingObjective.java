package io.kanana.core.train;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Tensor;
import java.util.List;

/**
 * What a model is trained for: turns a batch and a model into a loss.
 *
 * <p>A step may consist of several micro-batches. Its loss is a sum over all of them divided by the
 * number of targets of the whole step, so that how a step is cut never changes it. Implementations
 * are immutable but for weights of their own: {@link #parameters}.
 */
public interface TrainingObjective {
  /**
   * What the names of {@link #parameters} begin with, so that whoever reads an optimizer's memory
   * can tell them from the model's.
   */
  String OWN = "objective.";

  /** An objective's settings. */
  interface Config {
    TrainingObjective create();
  }

  /** The names of the sums that {@link #accumulate} keeps: {@code cross-entropy}, ... */
  List<String> terms();

  /**
   * Records the loss of one micro-batch on the tape and adds its unscaled terms to {@code sums}. On
   * a tape that does not record this measures the loss.
   *
   * @param input the batch in the back end's memory
   * @param scale one over the number of targets of the whole step
   * @param sums F64, one element per term
   */
  void accumulate(Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums);

  /**
   * How many things of a batch the loss is a mean over: its targets, unless the objective counts
   * others, such as pairs.
   */
  default long targets(TokenBatch batch) {
    return batch.targetCount();
  }

  /**
   * Whether a step without targets is nothing unusual, such as one whose answers are all equally
   * good; else too many of them in a row stop the run.
   */
  default boolean mayBeEmpty() {
    return false;
  }

  /**
   * The objective of one step, for one that must know all of a step before it can take the loss of
   * a part; this one otherwise.
   *
   * @param step its batches in the order they will be accumulated in
   */
  default TrainingObjective forStep(Llama model, List<TokenBatch> step, long firstSequence) {
    return this;
  }

  /**
   * Weights of the objective's own, whose names begin with {@link #OWN}. They are trained with the
   * model's but are no part of it; whoever made the objective closes them.
   */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** The loss of a step from the sums over its micro-batches. */
  double loss(double[] sums, long targets);

  /**
   * Operations of a step for one token in sequences of {@code time} positions: those of the model's
   * forward and backward pass, and of whatever else computes, such as a teacher.
   */
  double flopsPerToken(ModelConfig model, int time);

  /**
   * How a micro-batch goes through the model.
   *
   * @param firstSequence the index of the batch's first row in the data
   * @param recompute whether layers are computed again in the backward pass instead of kept
   */
  record Forward(Llama model, Tape tape, long firstSequence, boolean recompute) {}
}
