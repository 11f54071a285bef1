package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.HeadResidual;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.LayerOrigin;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The plan that keeps the most important units of every axis, as many as a target shape has.
 *
 * <p>Query heads follow the rule of grouped-query attention (Kanana, arXiv 2502.18934, figure 9):
 * in every group as many stay, the best of that group, and each stays with its keys and values;
 * {@link Options#mixedGroups} drops the rule, to see what it is worth. Of equal scores the unit of
 * the lower number stays.
 */
public final class BestUnits {
  /** In which order kept units stand in the new model. */
  public enum Order {
    /** As in the old one. */
    INDEX,
    /**
     * The most important first, so that a model pruned further is the beginning of this one. Layers
     * keep their order.
     */
    IMPORTANCE
  }

  /**
   * @param order of the kept units
   * @param headResidual whether heads that stay take up heads that go: see {@link HeadResidual}
   * @param mixedGroups whether the best heads of a layer stay wherever they are, and are dealt out
   *     to the keys and values that stay: see {@link ReshapePlan#mixedGroups}
   */
  public record Options(Order order, boolean headResidual, boolean mixedGroups) {
    /** The order of the old model, heads as they are, groups as the rule has it. */
    public static final Options USUAL = new Options(Order.INDEX, false, false);

    public Options {
      Check.that(
          !(headResidual && mixedGroups),
          List.of("head-residual", "mixed-groups"),
          "must not both be true, since a head takes up one of its own group");
    }
  }

  private final ModelConfig old;
  private final ModelConfig target;
  private final Options options;
  private final Set<Axis> axes;

  /**
   * @param target what is to be left; its vocabulary, head size and context are the old one's
   * @throws ConfigException naming every size that cannot be reached by leaving units out
   */
  public BestUnits(ModelConfig old, ModelConfig target, Options options) {
    this.old = old;
    this.target = target;
    this.options = options;
    checkReachable();
    this.axes = ranked();
  }

  private void checkReachable() {
    List<Problem> problems = new ArrayList<>();
    atMost(Axis.LAYERS, "layers", problems);
    atMost(Axis.CHANNELS, "hidden-size", problems);
    atMost(Axis.HEADS, "heads", problems);
    atMost(Axis.KV_HEADS, "kv-heads", problems);
    atMost(Axis.NEURONS, "ffn-size", problems);
    if (groupSize(target) > groupSize(old)) {
      problems.add(
          new Problem(
              "heads",
              String.format(
                  Locale.ROOT,
                  "must leave at most the %d heads that each kv head has, got %d",
                  groupSize(old),
                  groupSize(target))));
    }
    if (old.tiedEmbeddings() && !target.tiedEmbeddings()) {
      problems.add(new Problem("tied-embeddings", "must be true, since the parent's are tied"));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private void atMost(Axis axis, String key, List<Problem> problems) {
    if (axis.size(target) > axis.size(old)) {
      problems.add(
          new Problem(
              key,
              String.format(
                  Locale.ROOT,
                  "must be at most the parent's %d, got %d",
                  axis.size(old),
                  axis.size(target))));
    }
  }

  private static int groupSize(ModelConfig shape) {
    return shape.heads() / shape.kvHeads();
  }

  private Set<Axis> ranked() {
    Set<Axis> ranked = EnumSet.noneOf(Axis.class);
    for (Axis axis : List.of(Axis.CHANNELS, Axis.KV_HEADS, Axis.NEURONS)) {
      if (isSorted() || axis.size(target) < axis.size(old)) {
        ranked.add(axis);
      }
    }
    boolean headsGo =
        options.mixedGroups ? target.heads() < old.heads() : groupSize(target) < groupSize(old);
    if (isSorted() || headsGo) {
      ranked.add(Axis.HEADS);
    }
    if (target.layers() < old.layers()) {
      ranked.add(Axis.LAYERS);
    }
    return ranked;
  }

  private boolean isSorted() {
    return options.order == Order.IMPORTANCE;
  }

  /** The axes whose scores it takes to choose. */
  public Set<Axis> axes() {
    return Collections.unmodifiableSet(axes);
  }

  /**
   * The plan by these scores.
   *
   * @throws ConfigException if an axis of which some go is not scored
   */
  public ReshapePlan plan(ImportanceScores scores) {
    Scored scored = new Scored(scores);
    Indices layers =
        axes.contains(Axis.LAYERS)
            ? ascending(Arrays.copyOf(best(scored.overall(Axis.LAYERS)), target.layers()))
            : Indices.all(old.layers());
    Indices channels =
        axes.contains(Axis.CHANNELS)
            ? kept(scored.overall(Axis.CHANNELS), target.hiddenSize())
            : Indices.all(old.hiddenSize());
    List<LayerOrigin> origins = layers.stream().mapToObj(source -> layer(source, scored)).toList();
    return new ReshapePlan(channels, origins, target.tiedEmbeddings(), options.mixedGroups);
  }

  private LayerOrigin layer(int source, Scored scored) {
    Indices kvHeads = ofLayer(Axis.KV_HEADS, source, scored);
    List<Group> groups =
        options.mixedGroups
            ? List.of(new Group(ofLayer(Axis.HEADS, source, scored), List.of()))
            : kvHeads.stream().mapToObj(kvHead -> group(source, kvHead, scored)).toList();
    return new LayerOrigin(
        source,
        Indices.of(groups.stream().flatMapToInt(group -> group.heads.stream()).toArray()),
        kvHeads,
        ofLayer(Axis.NEURONS, source, scored),
        groups.stream().flatMap(group -> group.residuals.stream()).toList(),
        false);
  }

  /** The units of a layer that stay; all of them where none go. */
  private Indices ofLayer(Axis axis, int layer, Scored scored) {
    return axes.contains(axis)
        ? kept(scored.ofLayer(axis, layer), axis.size(target))
        : Indices.all(axis.size(old));
  }

  /** What stays of the query heads that share a key and value head. */
  private record Group(Indices heads, List<HeadResidual> residuals) {}

  private Group group(int source, int kvHead, Scored scored) {
    int size = groupSize(old);
    int first = kvHead * size;
    if (!axes.contains(Axis.HEADS)) {
      return new Group(Indices.range(first, first + size), List.of());
    }
    double[] scores = scored.ofLayer(Axis.HEADS, source);
    int[] ranked =
        Arrays.stream(best(Arrays.copyOfRange(scores, first, first + size)))
            .map(head -> first + head)
            .toArray();
    int[] staying = Arrays.copyOf(ranked, groupSize(target));
    return new Group(
        isSorted() ? Indices.of(staying) : ascending(staying),
        options.headResidual ? residuals(ranked, staying.length) : List.of());
  }

  /**
   * Of ranks 1, ..., L those up to K stay, and rank i takes up rank 2K - i + 1 where there is one:
   * Minitron's "i in [K - (L - K), K]", of which the first would take up rank L + 1.
   */
  private static List<HeadResidual> residuals(int[] ranked, int kept) {
    List<HeadResidual> residuals = new ArrayList<>();
    for (int i = kept; i >= 1 && 2 * kept - i + 1 <= ranked.length; i--) {
      residuals.add(new HeadResidual(ranked[i - 1], ranked[2 * kept - i]));
    }
    return residuals;
  }

  private Indices kept(double[] scores, int count) {
    int[] staying = Arrays.copyOf(best(scores), count);
    return isSorted() ? Indices.of(staying) : ascending(staying);
  }

  /** All units, those of the largest scores first; of equal ones the lower number. */
  private static int[] best(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer unit) -> -scores[unit]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Indices ascending(int[] units) {
    return Indices.of(Arrays.stream(units).sorted().toArray());
  }

  /** Scores that are checked to be this model's. */
  private final class Scored {
    private final ImportanceScores scores;

    Scored(ImportanceScores scores) {
      this.scores = scores;
    }

    double[] overall(Axis axis) {
      return checked(axis, scores.get(axis).overall());
    }

    double[] ofLayer(Axis axis, int layer) {
      return checked(axis, scores.get(axis).of(layer));
    }

    private double[] checked(Axis axis, double[] units) {
      if (units.length != axis.size(old)) {
        throw new ConfigException(
            "importance",
            String.format(
                Locale.ROOT,
                "%d %s are scored, but the model has %d; the scores are another model's",
                units.length,
                Names.of(axis),
                axis.size(old)));
      }
      return units;
    }
  }
}
