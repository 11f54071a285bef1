package io.kanana.pretrain.prune;

import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a strategy decides on. Not safe for use by several threads. */
public final class PruningTask {
  /**
   * A shape that was considered.
   *
   * @param score what it was judged by; less is better
   */
  public record Candidate(ModelConfig shape, double score) {}

  private final ImportanceScores scores;
  private final Calibration calibration;
  private final List<Candidate> considered = new ArrayList<>();

  /**
   * @param scores of the model's units
   * @param calibration the model and text to try plans on
   */
  public PruningTask(ImportanceScores scores, Calibration calibration) {
    this.scores = scores;
    this.calibration = calibration;
  }

  /** The shape of the model that is pruned. */
  public ModelConfig parent() {
    return calibration.shape();
  }

  public ImportanceScores scores() {
    return scores;
  }

  /** The model and its calibration text. */
  public Calibration calibration() {
    return calibration;
  }

  /**
   * The plan that keeps the most important units of every axis.
   *
   * @throws io.kanana.core.error.ConfigException if the shape cannot be reached, or an axis of
   *     which some go is not scored
   */
  public ReshapePlan keepBest(ModelConfig target, BestUnits.Options options) {
    return new BestUnits(parent(), target, options).plan(scores);
  }

  /** The mean next-token loss on the calibration text after a plan. A plan is measured once. */
  public double loss(ReshapePlan plan) {
    return calibration.loss(plan);
  }

  /** Puts a shape and what it was judged by on record; they end up beside the plan. */
  public void consider(Candidate candidate) {
    considered.add(candidate);
  }

  /** What was put on record. */
  public List<Candidate> considered() {
    return Collections.unmodifiableList(considered);
  }
}
