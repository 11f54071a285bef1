package io.kanana.pretrain.prune;

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
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The plan that keeps the most important units of every axis, as many as a target shape has.
 *
 * <p>Query heads follow the rule of grouped-query attention (Kanana, arXiv 2502.18934, figure 9):
 * in every group as many stay, the best of that group, and each stays with its keys and values. Of
 * equal scores the unit of the lower number stays.
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
   */
  public record Options(Order order, boolean headResidual) {
    /** The order of the old model, and heads as they are. */
    public static final Options USUAL = new Options(Order.INDEX, false);
  }

  private final ModelConfig old;
  private final ModelConfig target;
  private final Options options;

  /**
   * @param target what is to be left; its vocabulary, head size and context are the old one's
   * @throws ConfigException naming every size that cannot be reached by leaving units out
   */
  public BestUnits(ModelConfig old, ModelConfig target, Options options) {
    this.old = old;
    this.target = target;
    this.options = options;
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
              "must leave at most the "
                  + groupSize(old)
                  + " heads that each kv head has, got "
                  + groupSize(target)));
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
              "must be at most the parent's " + axis.size(old) + ", got " + axis.size(target)));
    }
  }

  private static int groupSize(ModelConfig shape) {
    return shape.heads() / shape.kvHeads();
  }

  /** The axes whose scores it takes to choose. */
  public Set<Axis> axes() {
    Set<Axis> axes = EnumSet.noneOf(Axis.class);
    for (Axis axis : List.of(Axis.LAYERS, Axis.CHANNELS, Axis.KV_HEADS, Axis.NEURONS)) {
      if (axis.size(target) < axis.size(old) || (isSorted() && axis != Axis.LAYERS)) {
        axes.add(axis);
      }
    }
    if (groupSize(target) < groupSize(old) || isSorted()) {
      axes.add(Axis.HEADS);
    }
    return axes;
  }

  private boolean isSorted() {
    return options.order == Order.IMPORTANCE;
  }

  /**
   * The plan by these scores.
   *
   * @throws ConfigException if an axis of which some go is not scored
   */
  public ReshapePlan plan(ImportanceScores scores) {
    Indices layers =
        axes().contains(Axis.LAYERS)
            ? ascending(best(overall(scores, Axis.LAYERS), old.layers(), target.layers()))
            : Indices.all(old.layers());
    Indices channels =
        axes().contains(Axis.CHANNELS)
            ? kept(overall(scores, Axis.CHANNELS), target.hiddenSize())
            : Indices.all(old.hiddenSize());
    List<LayerOrigin> origins = layers.stream().mapToObj(source -> layer(source, scores)).toList();
    return new ReshapePlan(channels, origins, target.tiedEmbeddings());
  }

  private double[] overall(ImportanceScores scores, Axis axis) {
    return checked(scores.get(axis), scores.get(axis).overall());
  }

  private double[] ofLayer(ImportanceScores scores, Axis axis, int layer) {
    return checked(scores.get(axis), scores.get(axis).of(layer));
  }

  private double[] checked(AxisScores scores, double[] units) {
    if (units.length != scores.axis().size(old)) {
      throw new ConfigException(
          "importance",
          units.length
              + " "
              + Names.of(scores.axis())
              + " are scored, but the model has "
              + scores.axis().size(old)
              + "; the scores are another model's");
    }
    return units;
  }

  private LayerOrigin layer(int source, ImportanceScores scores) {
    Indices kvHeads =
        axes().contains(Axis.KV_HEADS)
            ? kept(ofLayer(scores, Axis.KV_HEADS, source), target.kvHeads())
            : Indices.all(old.kvHeads());
    Indices neurons =
        axes().contains(Axis.NEURONS)
            ? kept(ofLayer(scores, Axis.NEURONS, source), target.ffnSize())
            : Indices.all(old.ffnSize());
    List<Integer> heads = new ArrayList<>();
    List<HeadResidual> residuals = new ArrayList<>();
    kvHeads.stream().forEach(group -> group(source, group, scores, heads, residuals));
    return new LayerOrigin(source, Indices.of(heads), kvHeads, neurons, residuals, false);
  }

  /** The heads of one group, and what they take up. */
  private void group(
      int source,
      int group,
      ImportanceScores scores,
      List<Integer> heads,
      List<HeadResidual> residuals) {
    int first = group * groupSize(old);
    int size = groupSize(old);
    int kept = groupSize(target);
    if (!axes().contains(Axis.HEADS)) {
      IntStream.range(first, first + size).forEach(heads::add);
      return;
    }
    double[] units = ofLayer(scores, Axis.HEADS, source);
    int[] ranked = best(Arrays.copyOfRange(units, first, first + size), size, size);
    int[] staying = Arrays.copyOf(ranked, kept);
    (isSorted() ? Indices.of(staying) : ascending(staying))
        .stream().forEach(head -> heads.add(first + head));
    // ranks 1 ... K stay; rank i takes up rank 2K - i + 1, as long as there is one
    for (int i = kept; i >= 1 && options.headResidual && 2 * kept - i + 1 <= size; i--) {
      residuals.add(new HeadResidual(first + ranked[i - 1], first + ranked[2 * kept - i]));
    }
  }

  private Indices kept(double[] scores, int count) {
    int[] best = best(scores, scores.length, count);
    return isSorted() ? Indices.of(best) : ascending(best);
  }

  /** The units of the largest scores, the largest first; of equal ones the lower number. */
  private static int[] best(double[] scores, int size, int count) {
    return IntStream.range(0, size)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Indices ascending(int[] units) {
    return Indices.of(Arrays.stream(units).sorted().toArray());
  }
}
