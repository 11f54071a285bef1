package io.kanana.pretrain.prune;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;
import java.util.stream.Stream;

/** Estimators of importance, strategies of pruning, and trials of candidates. */
public final class PruneExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return Stream.of(estimators(), strategies()).flatMap(List::stream).toList();
  }

  private static List<Extension<?>> estimators() {
    return List.of(
        new Extension<>(
            ImportanceEstimator.Config.class,
            "activations",
            Activations.Config.class,
            "By the size of activations on calibration text.",
            """
            axes: [heads, kv-heads, neurons, channels]
            neuron-signal: intermediate
            heads: {sequence: mean, batch: l2, layers: sum}
            kv-heads: {sequence: mean, batch: l2, layers: sum}
            neurons: {sequence: mean, batch: l2, layers: sum}
            channels: {sequence: mean, batch: l2, layers: sum}
            """),
        new Extension<>(
            ImportanceEstimator.Config.class,
            "taylor",
            Taylor.Config.class,
            "By the first-order change of the loss: |gradient x activation|.",
            """
            axes: [heads, kv-heads, neurons, channels]
            reduction: mean-of-magnitudes
            layers: sum
            """),
        new Extension<>(
            ImportanceEstimator.Config.class,
            "block-influence",
            BlockInfluence.Config.class,
            "Layers by how much they turn the residual stream.",
            ""),
        new Extension<>(
            ImportanceEstimator.Config.class,
            "layer-removal",
            LayerRemoval.Config.class,
            "Layers by the perplexity without each.",
            ""),
        new Extension<>(
            ImportanceEstimator.Config.class,
            "weight-magnitude",
            WeightMagnitude.Config.class,
            "By the norm of a unit's weights, without text.",
            """
            axes: [heads, kv-heads, neurons, channels, layers]
            layers: sum
            """),
        new Extension<>(
            ImportanceEstimator.Config.class,
            "random",
            RandomImportance.Config.class,
            "By chance: what others must be better than.",
            """
            axes: [heads, kv-heads, neurons, channels, layers]
            layers: sum
            """));
  }

  private static List<Extension<?>> strategies() {
    return List.of(
        new Extension<>(
            PruningStrategy.Config.class,
            "target-shape",
            TargetShape.Config.class,
            "Keeps the best units of a shape that is given.",
            "{order: index, head-residual: false, mixed-groups: false}"),
        new Extension<>(
            PruningStrategy.Config.class,
            "budget",
            BudgetSearch.Config.class,
            "Tries the shapes that fit a budget and keeps the best.",
            """
            at-least: 0.9
            sizes: {layers: [], hidden-size: [], heads: [], kv-heads: [], ffn-size: [], ffn-ratio: []}
            most-candidates: 20
            trial: {type: loss}
            head-residual: false
            """),
        new Extension<>(
            PruningStrategy.Config.class,
            "plan",
            GivenPlan.Config.class,
            "Applies a plan.yaml that is there.",
            ""),
        new Extension<>(
            CandidateTrial.Config.class,
            "loss",
            LossTrial.class,
            "By the loss on the calibration text right after pruning.",
            ""),
        new Extension<>(
            CandidateTrial.Config.class,
            "distillation",
            DistillationTrial.Config.class,
            "By the loss on the calibration text after a short distillation.",
            """
            sequences-per-step: 8
            micro-batch: 8
            optimizer:
              type: adamw
              learning-rate: 3.0e-4
              beta1: 0.9
              beta2: 0.95
              epsilon: 1.0e-8
              weight-decay: 0.1
              decay: coupled
            schedule: {type: warmup-cosine, warmup: {share: 0.02}, final-factor: 0.1}
            """));
  }
}
