package io.kanana.core.train;

import io.kanana.core.autograd.Variable;
import io.kanana.core.config.Check;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import java.util.List;

/**
 * Cross entropy of the next token, with the z-loss of PaLM (Chowdhery et al., arXiv 2204.02311,
 * section 5): mean over the targets of {@code crossEntropy + zLoss * (log sum exp logits)^2}.
 */
public final class NextToken implements TrainingObjective {
  /** The position of the cross entropy in the sums. */
  public static final int CROSS_ENTROPY = 0;

  private static final int SQUARED_LOG_Z = 1;

  /**
   * @param zLoss the coefficient; 0 switches it off
   */
  public record Config(double zLoss) implements TrainingObjective.Config {
    public Config {
      Check.that(zLoss >= 0, "z-loss", "must be >= 0, got %s", zLoss);
    }

    @Override
    public TrainingObjective create() {
      return new NextToken(this);
    }
  }

  private final double zLoss;

  public NextToken(Config config) {
    this.zLoss = config.zLoss;
  }

  @Override
  public List<String> terms() {
    return List.of("cross-entropy", "squared-log-z");
  }

  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    Variable hidden = forward.model().hidden(forward.tape(), input, forward.recompute());
    Tensor targets = forward.tape().scope().allocate(DType.I32, batch.targets().length);
    forward.model().backend().write(batch.targets(), targets);
    forward.tape().crossEntropy(hidden, forward.model().head(), targets, scale, zLoss, sums);
  }

  @Override
  public double loss(double[] sums, long targets) {
    return (sums[CROSS_ENTROPY] + zLoss * sums[SQUARED_LOG_Z]) / targets;
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return model.trainingFlopsPerToken(time);
  }
}
