package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.TrainingListener;
import java.util.List;

/**
 * Pairs that a reward model is measured on and not trained on.
 *
 * @param pairs at least one
 * @param microBatch rows that go through the model at once
 */
record RewardHeldOut(List<PairTokens> pairs, int microBatch) implements HeldOut {
  RewardHeldOut {
    pairs = List.copyOf(pairs);
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    listener.measured("held-out", step, of(model).figures());
  }

  RewardQuality of(Llama model) {
    RewardScores scores = new RewardScores(model, microBatch);
    return RewardQuality.of(
        scores.of(pairs.stream().map(PairTokens::chosen).toList()),
        scores.of(pairs.stream().map(PairTokens::rejected).toList()));
  }
}
