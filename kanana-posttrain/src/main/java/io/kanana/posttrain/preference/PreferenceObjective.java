package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import io.kanana.posttrain.preference.PairSource.Placed;
import io.kanana.posttrain.preference.PreferenceLoss.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * A {@link PreferenceLoss} over packed pairs, and in addition, if wanted, the likelihood of the
 * chosen answers. The log-probability of an answer is the sum over its tokens, the one that ends it
 * included; the loss of a step is the mean over its pairs.
 */
public final class PreferenceObjective implements TrainingObjective {
  private final PreferenceLoss loss;
  private final double sftWeight;
  private final PairSource data;
  private final Optional<StepTotals> totals;

  /**
   * @param sftWeight what the mean cross entropy of the chosen answers' tokens is multiplied by
   * @param data the pairs whose batches will come
   */
  public PreferenceObjective(PreferenceLoss loss, double sftWeight, PairSource data) {
    this(loss, sftWeight, data, Optional.empty());
  }

  private PreferenceObjective(
      PreferenceLoss loss, double sftWeight, PairSource data, Optional<StepTotals> totals) {
    this.loss = loss;
    this.sftWeight = sftWeight;
    this.data = data;
    this.totals = totals;
  }

  @Override
  public List<String> terms() {
    return PreferenceTerms.NAMES;
  }

  @Override
  public boolean mayBeEmpty() {
    return data.mayBeEmpty();
  }

  /** Pairs: of two documents each. */
  @Override
  public long targets(TokenBatch batch) {
    return AnswerSums.documents(batch) / 2;
  }

  @Override
  public TrainingObjective forStep(Llama model, List<TokenBatch> step, long firstSequence) {
    int rows = step.stream().mapToInt(TokenBatch::rows).sum();
    List<Placed> placed = data.pairs(firstSequence, rows);
    long chosen = placed.stream().mapToLong(p -> p.pair().chosen().answerLength()).sum();
    double baseline = loss.usesBaseline() ? data.baseline(model, firstSequence, rows) : 0;
    StepTotals known = new StepTotals(placed.size(), chosen, baseline);
    return new PreferenceObjective(loss, sftWeight, data, Optional.of(known));
  }

  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    Tape tape = forward.tape();
    TensorBackend backend = forward.model().backend();
    Variable logs = AnswerSums.logs(forward.model(), tape, batch, input, forward.recompute());
    double[] gradient = new double[batch.targets().length];
    PreferenceTerms terms = new PreferenceTerms(backend.doubles(sums), loss);
    AnswerSums answers = new AnswerSums(backend.doubles(logs.value()));
    for (Placed placed : data.pairs(forward.firstSequence(), batch.rows())) {
      addPair(placed, answers, terms, gradient, scale);
    }
    backend.write(terms.sums(), sums);
    if (tape.isRecording()) {
      Tensor dLogs = tape.scope().allocate(DType.F32, gradient.length);
      backend.write(gradient, dLogs);
      tape.seed(logs, dLogs);
    }
  }

  private void addPair(
      Placed placed, AnswerSums answers, PreferenceTerms terms, double[] gradient, double scale) {
    AnswerTokens chosen = placed.pair().chosen();
    AnswerTokens rejected = placed.pair().rejected();
    PairLogs logs =
        new PairLogs(
            answers.of(chosen, placed.chosen()),
            answers.of(rejected, placed.rejected()),
            placed.referenceChosen(),
            placed.referenceRejected(),
            chosen.answerLength(),
            rejected.answerLength());
    StepTotals step = totals.orElseThrow();
    Outcome outcome = loss.of(logs, step);
    double perToken = step.perToken();
    terms.add(logs, outcome, -logs.policyChosen() * perToken);
    double dChosen = outcome.dChosen() - sftWeight * perToken;
    AnswerSums.spread(scale * dChosen, chosen, placed.chosen(), gradient);
    AnswerSums.spread(scale * outcome.dRejected(), rejected, placed.rejected(), gradient);
  }

  @Override
  public double loss(double[] sums, long targets) {
    return (sums[0] + sftWeight * sums[1]) / targets;
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return model.trainingFlopsPerToken(time);
  }
}
