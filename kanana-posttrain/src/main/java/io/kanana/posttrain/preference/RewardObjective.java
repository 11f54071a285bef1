package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.logSigmoid;
import static io.kanana.posttrain.preference.Logistic.sigmoid;

import io.kanana.core.autograd.Variable;
import io.kanana.core.config.Check;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import io.kanana.posttrain.preference.PairBatches.Placed;
import java.util.List;

/**
 * The loss of a reward model under Bradley and Terry's model of choices (1952; Ouyang et al., arXiv
 * 2203.02155, equation 1): over a step's pairs the mean of -log s(w - l - m), where w and l are the
 * rewards of the chosen and the rejected answer, m the pair's margin (Touvron et al., arXiv
 * 2307.09288, equation 2) and s the logistic function. Added to it is c times the mean of (w +
 * l)^2, which keeps rewards about zero (Eisenstein et al., arXiv 2312.09244). As TRL's {@code
 * RewardTrainer} computes it.
 *
 * <p>The reward of an answer is the score of its last token, the one that ends it.
 *
 * @param centreCoefficient c, at least 0
 * @param data the pairs whose batches will come
 */
public record RewardObjective(double centreCoefficient, PairBatches data)
    implements TrainingObjective {
  private static final int LOSS = 0;
  private static final int CENTRE = 1;

  /**
   * Means over pairs: the loss without and the square of the added term without its coefficient,
   * the rewards, their difference, and the share of pairs whose chosen answer has the higher one,
   * strictly and whatever the margin.
   */
  private static final List<String> TERMS =
      List.of(
          "preference-loss",
          "squared-sum",
          "chosen-reward",
          "rejected-reward",
          "reward-margin",
          "reward-accuracy");

  public RewardObjective {
    Check.that(
        centreCoefficient >= 0 && centreCoefficient < Double.POSITIVE_INFINITY,
        "centre-coefficient",
        "must be a number of at least 0, got %s",
        centreCoefficient);
  }

  @Override
  public List<String> terms() {
    return TERMS;
  }

  /** Pairs: of two documents each. */
  @Override
  public long targets(TokenBatch batch) {
    return AnswerSums.documents(batch) / 2;
  }

  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    TensorBackend backend = forward.model().backend();
    List<Placed> placed = data.placed(forward.firstSequence(), batch.rows());
    Variable scores = scores(forward, input, placed);
    double[] rewards = backend.doubles(scores.value());
    double[] gradient = new double[rewards.length];
    double[] terms = backend.doubles(sums);
    for (int i = 0; i < placed.size(); i++) {
      double margin = data.pairs().get(placed.get(i).pair()).margin();
      addPair(rewards, 2 * i, margin, scale, terms, gradient);
    }
    backend.write(terms, sums);
    if (forward.tape().isRecording()) {
      Tensor dScores = forward.tape().scope().allocate(DType.F32, gradient.length, 1);
      backend.write(gradient, dScores);
      forward.tape().seed(scores, dScores);
    }
  }

  /** Rewards of the chosen and the rejected answer of each pair in turn: [2n, 1]. */
  private Variable scores(Forward forward, TokenInput input, List<Placed> placed) {
    int[] lasts = new int[2 * placed.size()];
    for (int i = 0; i < placed.size(); i++) {
      PairTokens pair = data.pairs().get(placed.get(i).pair());
      lasts[2 * i] = placed.get(i).chosen() + pair.chosen().length() - 1;
      lasts[2 * i + 1] = placed.get(i).rejected() + pair.rejected().length() - 1;
    }
    Tensor rows = forward.tape().scope().allocate(DType.I32, lasts.length);
    forward.model().backend().write(lasts, rows);
    return forward.model().scores(forward.tape(), input, rows, forward.recompute());
  }

  private void addPair(
      double[] rewards, int at, double margin, double scale, double[] terms, double[] gradient) {
    double chosen = rewards[at];
    double rejected = rewards[at + 1];
    double sum = chosen + rejected;
    double x = chosen - rejected - margin;
    double[] own = {
      -logSigmoid(x), sum * sum, chosen, rejected, chosen - rejected, chosen > rejected ? 1 : 0
    };
    for (int i = 0; i < own.length; i++) {
      terms[i] += own[i];
    }
    double centring = 2 * centreCoefficient * sum;
    gradient[at] = scale * (centring - sigmoid(-x));
    gradient[at + 1] = scale * (centring + sigmoid(-x));
  }

  @Override
  public double loss(double[] sums, long targets) {
    return (sums[LOSS] + centreCoefficient * sums[CENTRE]) / targets;
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return ModelHead.SCORE.trainingFlopsPerToken(model, time);
  }
}
