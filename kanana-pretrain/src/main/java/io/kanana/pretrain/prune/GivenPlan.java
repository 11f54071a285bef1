package io.kanana.pretrain.prune;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Prunes by a plan that is there, perhaps edited ({@code type: plan}). */
public final class GivenPlan implements PruningStrategy {
  /**
   * @param file a {@code plan.yaml} for a model of the same shape
   */
  public record Config(Path file) implements PruningStrategy.Config {
    @Override
    public PruningStrategy create() {
      return new GivenPlan(this);
    }
  }

  private final Config config;

  public GivenPlan(Config config) {
    this.config = config;
  }

  @Override
  public Set<Axis> axes(ModelConfig parent) {
    read(parent); // a plan that does not fit is refused before anything is done
    return Set.of();
  }

  @Override
  public List<ModelConfig> candidates(ModelConfig parent) {
    return List.of(read(parent).target(parent));
  }

  @Override
  public ReshapePlan decide(PruningTask task) {
    return read(task.parent());
  }

  private ReshapePlan read(ModelConfig parent) {
    try {
      return ReshapePlanFile.read(config.file, parent);
    } catch (ConfigException e) {
      throw new ConfigException(
          e.problems().stream().map(problem -> new Problem("file", problem.toString())).toList());
    }
  }
}
