package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Prunes to a shape that is given ({@code type: target-shape}). */
public final class TargetShape implements PruningStrategy {
  /**
   * What is absent stays as it is.
   *
   * @param layers L
   * @param hiddenSize C
   * @param heads H, a multiple of the kv heads
   * @param kvHeads K
   * @param ffnSize F
   * @param tiedEmbeddings true makes embedding and head one matrix, the mean of both
   * @param order of the kept units
   * @param headResidual whether heads that stay take up heads that go
   * @param mixedGroups whether heads may end with keys and values that they were not trained with
   */
  public record Config(
      OptionalInt layers,
      OptionalInt hiddenSize,
      OptionalInt heads,
      OptionalInt kvHeads,
      OptionalInt ffnSize,
      Optional<Boolean> tiedEmbeddings,
      BestUnits.Order order,
      boolean headResidual,
      boolean mixedGroups)
      implements PruningStrategy.Config {
    public Config {
      positive("layers", layers);
      positive("hidden-size", hiddenSize);
      positive("heads", heads);
      positive("kv-heads", kvHeads);
      positive("ffn-size", ffnSize);
      Check.that(
          !mixedGroups || heads.isPresent(),
          List.of("mixed-groups", "heads"),
          "must not be true without heads, of which some are to go");
    }

    private static void positive(String name, OptionalInt size) {
      Check.that(size.orElse(1) > 0, name, "must be at least 1, got %s", size.orElse(0));
    }

    /** The shape that is left of a parent. */
    public ModelConfig target(ModelConfig parent) {
      return parent.resized(
          layers.orElse(parent.layers()),
          hiddenSize.orElse(parent.hiddenSize()),
          heads.orElse(parent.heads()),
          kvHeads.orElse(parent.kvHeads()),
          ffnSize.orElse(parent.ffnSize()),
          tiedEmbeddings.orElse(parent.tiedEmbeddings()));
    }

    @Override
    public PruningStrategy create() {
      return new TargetShape(this);
    }
  }

  private final Config config;

  public TargetShape(Config config) {
    this.config = config;
  }

  private BestUnits.Options options() {
    return new BestUnits.Options(config.order, config.headResidual, config.mixedGroups);
  }

  @Override
  public Set<Axis> axes(ModelConfig parent) {
    return new BestUnits(parent, config.target(parent), options()).axes();
  }

  @Override
  public List<ModelConfig> candidates(ModelConfig parent) {
    return List.of(config.target(parent));
  }

  @Override
  public ReshapePlan decide(PruningTask task) {
    return task.keepBest(config.target(task.parent()), options());
  }
}
