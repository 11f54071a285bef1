package io.kanana.core.model;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A published weight by the axes that its dimensions lie along.
 *
 * @param name in a checkpoint: {@code model.layers.0.self_attn.q_proj.weight}
 * @param layer the layer it belongs to, if any
 * @param dimensions rows, then columns; rows alone for a vector
 */
public record WeightAxes(String name, OptionalInt layer, List<Dimension> dimensions) {
  private static final String LAYERS = "model.layers.";

  /**
   * @param axis whose units it has in their order
   * @param block elements of each unit, side by side: D for heads, else 1
   */
  public record Dimension(Axis axis, int block) {
    /** How long it is in a model of this shape. */
    public long size(ModelConfig shape) {
      return (long) axis.size(shape) * block;
    }
  }

  public WeightAxes {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * The weights of a model: embedding, layers in order, final norm, and the head where it is not
   * tied.
   */
  public static Stream<WeightAxes> of(ModelConfig shape) {
    Dimension channels = new Dimension(Axis.CHANNELS, 1);
    Dimension vocabulary = new Dimension(Axis.VOCABULARY, 1);
    Stream<WeightAxes> head =
        shape.tiedEmbeddings()
            ? Stream.empty()
            : Stream.of(outside("lm_head.weight", vocabulary, channels));
    return Stream.of(
            Stream.of(outside("model.embed_tokens.weight", vocabulary, channels)),
            IntStream.range(0, shape.layers()).boxed().flatMap(i -> layer(shape, i)),
            Stream.of(outside("model.norm.weight", channels)),
            head)
        .flatMap(weights -> weights);
  }

  private static WeightAxes outside(String name, Dimension... dimensions) {
    return new WeightAxes(name, OptionalInt.empty(), List.of(dimensions));
  }

  private static Stream<WeightAxes> layer(ModelConfig shape, int index) {
    Dimension channels = new Dimension(Axis.CHANNELS, 1);
    Dimension neurons = new Dimension(Axis.NEURONS, 1);
    Dimension heads = new Dimension(Axis.HEADS, shape.headDim());
    Dimension kvHeads = new Dimension(Axis.KV_HEADS, shape.headDim());
    return Stream.of(
        within(index, "input_layernorm.weight", channels),
        within(index, "self_attn.q_proj.weight", heads, channels),
        within(index, "self_attn.k_proj.weight", kvHeads, channels),
        within(index, "self_attn.v_proj.weight", kvHeads, channels),
        within(index, "self_attn.o_proj.weight", channels, heads),
        within(index, "post_attention_layernorm.weight", channels),
        within(index, "mlp.gate_proj.weight", neurons, channels),
        within(index, "mlp.up_proj.weight", neurons, channels),
        within(index, "mlp.down_proj.weight", channels, neurons));
  }

  private static WeightAxes within(int layer, String rest, Dimension... dimensions) {
    return new WeightAxes(LAYERS + layer + "." + rest, OptionalInt.of(layer), List.of(dimensions));
  }

  /** The name that this weight of a layer has in another one. */
  public String nameIn(int otherLayer) {
    return LAYERS + otherLayer + name.substring(name.indexOf('.', LAYERS.length()));
  }

  /** Whether it is a matrix of a layer whose product is added to the residual stream. */
  public boolean writesToResidualStream() {
    return layer.isPresent()
        && dimensions.size() == 2
        && dimensions.getFirst().axis() == Axis.CHANNELS;
  }

  /** Whether units of the axis are rows or columns of it. */
  public boolean lies(Axis axis) {
    return dimensions.stream().anyMatch(dimension -> dimension.axis() == axis);
  }
}
