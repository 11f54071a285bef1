package example;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.prune.PruningStrategy;
import io.kanana.pretrain.prune.PruningTask;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Drops one run of layers: that whose importance adds up to the least. */
public record ContiguousLayers(int drop) implements PruningStrategy.Config, PruningStrategy {
  public ContiguousLayers {
    Check.that(drop > 0, "drop", "must be at least 1, got %s", drop);
  }

  @Override
  public PruningStrategy create() {
    return this;
  }

  @Override
  public Set<Axis> axes(ModelConfig parent) {
    if (drop >= parent.layers()) {
      throw new ConfigException(
          "drop", "must be below the parent's " + parent.layers() + " layers, got " + drop);
    }
    return Set.of(Axis.LAYERS);
  }

  @Override
  public List<ModelConfig> candidates(ModelConfig parent) {
    return List.of(without(0, parent).target(parent));
  }

  @Override
  public ReshapePlan decide(PruningTask task) {
    double[] importance = task.scores().get(Axis.LAYERS).overall();
    int best = 0;
    for (int first = 1; first + drop <= importance.length; first++) {
      best = sum(importance, first) < sum(importance, best) ? first : best;
    }
    return without(best, task.parent());
  }

  private double sum(double[] importance, int first) {
    return IntStream.range(first, first + drop).mapToDouble(layer -> importance[layer]).sum();
  }

  private ReshapePlan without(int first, ModelConfig parent) {
    int[] others =
        IntStream.range(0, parent.layers())
            .filter(layer -> layer < first || layer >= first + drop)
            .toArray();
    return ReshapePlan.ofLayers(parent, Indices.of(others));
  }

  /** Gives the strategy its name. */
  public static final class Provider implements ExtensionProvider {
    @Override
    public List<Extension<?>> extensions() {
      return List.of(
          new Extension<>(
              PruningStrategy.Config.class,
              "contiguous-layers",
              ContiguousLayers.class,
              "Drops the run of layers that matters least.",
              ""));
    }
  }
}
