package io.kanana.pretrain.reshape;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.model.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where every unit of a new model comes from in an old one. Leaving units out prunes, another order
 * sorts, naming layers more than once up-scales; {@link ReshapedModel} makes the weights.
 *
 * @param channels of the residual stream, by their old numbers
 * @param layers of the new model in their order
 * @param tiedEmbeddings whether the new model's embedding is its head; where the old one's was not,
 *     it is the mean of both matrices
 * @param mixedGroups whether query heads may read keys and values that they were not trained with:
 *     a control, which nothing but a comparison needs
 */
public record ReshapePlan(
    Indices channels, List<LayerOrigin> layers, boolean tiedEmbeddings, boolean mixedGroups) {
  public ReshapePlan {
    layers = List.copyOf(layers);
  }

  /** Whose query heads keep their keys and values. */
  public ReshapePlan(Indices channels, List<LayerOrigin> layers, boolean tiedEmbeddings) {
    this(channels, layers, tiedEmbeddings, false);
  }

  /** A model as it is. */
  public static ReshapePlan none(ModelConfig old) {
    return ofLayers(old, Indices.all(old.layers()));
  }

  /** Whole layers in some order; one may come more than once. */
  public static ReshapePlan ofLayers(ModelConfig old, Indices sources) {
    List<LayerOrigin> layers =
        sources.stream().mapToObj(source -> LayerOrigin.whole(old, source)).toList();
    return new ReshapePlan(Indices.all(old.hiddenSize()), layers, old.tiedEmbeddings());
  }

  /** The same with other layers. */
  public ReshapePlan withLayers(List<LayerOrigin> others) {
    return new ReshapePlan(channels, others, tiedEmbeddings, mixedGroups);
  }

  /** The old layers in the order of the new ones. */
  public Indices sources() {
    return Indices.of(layers.stream().map(LayerOrigin::source).toList());
  }

  /**
   * The shape of the new model.
   *
   * @throws ConfigException naming everything that cannot be made of a model of the old shape
   */
  public ModelConfig target(ModelConfig old) {
    List<Problem> problems = new ReshapeRules(old).problems(this);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    LayerOrigin any = layers.getFirst();
    return old.resized(
        layers.size(),
        channels.size(),
        any.heads().size(),
        any.kvHeads().size(),
        any.neurons().size(),
        tiedEmbeddings);
  }

  /** Whether nothing changes. */
  public boolean isNone(ModelConfig old) {
    return equals(none(old));
  }

  /** Positions of the layers that are silent. */
  public Indices silent() {
    return Indices.of(
        IntStream.range(0, layers.size()).filter(i -> layers.get(i).silent()).toArray());
  }
}
