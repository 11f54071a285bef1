package io.kanana.pretrain.prune;

import io.kanana.pretrain.reshape.ReshapePlan;

/** Candidates by their loss on the calibration text right after pruning ({@code type: loss}). */
public record LossTrial() implements CandidateTrial.Config, CandidateTrial {
  @Override
  public CandidateTrial create() {
    return this;
  }

  @Override
  public double score(ReshapePlan plan, PruningTask task) {
    return task.loss(plan);
  }
}
