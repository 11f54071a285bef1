package io.kanana.core.model;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The shape of a decoder of the Llama family.
 *
 * @param layers L
 * @param hiddenSize C
 * @param heads H, query heads
 * @param kvHeads K, a divisor of H
 * @param headDim D, even; {@code heads * headDim} need not be {@code hiddenSize}
 * @param ffnSize F
 * @param vocabularySize V
 * @param contextLength the most positions of a sequence
 * @param normEpsilon of every root-mean-square norm
 * @param tiedEmbeddings whether the embedding is the head
 */
public record ModelConfig(
    int layers,
    int hiddenSize,
    int heads,
    int kvHeads,
    int headDim,
    int ffnSize,
    int vocabularySize,
    int contextLength,
    double normEpsilon,
    RopeConfig rope,
    boolean tiedEmbeddings) {

  public ModelConfig {
    positive("layers", layers);
    positive("hidden-size", hiddenSize);
    positive("heads", heads);
    positive("kv-heads", kvHeads);
    positive("head-dim", headDim);
    positive("ffn-size", ffnSize);
    positive("vocabulary-size", vocabularySize);
    positive("context-length", contextLength);
    Check.that(
        kvHeads > 0 && heads % kvHeads == 0,
        List.of("kv-heads", "heads"),
        "must divide heads (%s), got %s",
        heads,
        kvHeads);
    Check.that(headDim % 2 == 0, "head-dim", "must be even, got %s", headDim);
    Check.that(normEpsilon > 0, "norm-epsilon", "must be > 0, got %s", normEpsilon);
  }

  private static void positive(String name, int value) {
    Check.that(value > 0, name, "must be at least 1, got %s", value);
  }

  /** The same with other sizes: what pruning or up-scaling makes of it. */
  public ModelConfig resized(
      int otherLayers,
      int otherHiddenSize,
      int otherHeads,
      int otherKvHeads,
      int otherFfnSize,
      boolean tied) {
    return new ModelConfig(
        otherLayers,
        otherHiddenSize,
        otherHeads,
        otherKvHeads,
        headDim,
        otherFfnSize,
        vocabularySize,
        contextLength,
        normEpsilon,
        rope,
        tied);
  }

  /** The same for sequences of another length, or with another rotary embedding. */
  public ModelConfig withPositions(int otherContextLength, RopeConfig otherRope) {
    return new ModelConfig(
        layers,
        hiddenSize,
        heads,
        kvHeads,
        headDim,
        ffnSize,
        vocabularySize,
        otherContextLength,
        normEpsilon,
        otherRope,
        tiedEmbeddings);
  }

  /** Where another shape differs from this one, for people: {@code ffn-size is 64, not 80}. */
  public List<String> differences(ModelConfig other) {
    List<String> found = new ArrayList<>();
    differ("layers", layers, other.layers, found);
    differ("hidden-size", hiddenSize, other.hiddenSize, found);
    differ("heads", heads, other.heads, found);
    differ("kv-heads", kvHeads, other.kvHeads, found);
    differ("head-dim", headDim, other.headDim, found);
    differ("ffn-size", ffnSize, other.ffnSize, found);
    differ("vocabulary-size", vocabularySize, other.vocabularySize, found);
    differ("context-length", contextLength, other.contextLength, found);
    differ("norm-epsilon", normEpsilon, other.normEpsilon, found);
    differ("rope.theta", rope.theta(), other.rope.theta(), found);
    differ("rope.scaling", rope.scaling(), other.rope.scaling(), found);
    differ("tied-embeddings", tiedEmbeddings, other.tiedEmbeddings, found);
    return found;
  }

  private static void differ(String name, Object mine, Object others, List<String> into) {
    if (!mine.equals(others)) {
      into.add(String.format(Locale.ROOT, "%s is %s, not %s", name, others, mine));
    }
  }

  /** Weights of one layer's matrices: queries, keys, values, output; gate, up, down. */
  private long layerMatrices() {
    long attention = (2L * heads + 2L * kvHeads) * headDim * hiddenSize;
    return attention + 3L * ffnSize * hiddenSize;
  }

  /** All weights; a tied matrix once. */
  public long parameterCount() {
    return nonEmbeddingParameterCount() + (tiedEmbeddings ? 1 : 2) * embeddingCount();
  }

  /** All weights but embedding and head. */
  public long nonEmbeddingParameterCount() {
    return layers * (layerMatrices() + 2L * hiddenSize) + hiddenSize;
  }

  /**
   * Weights that a token is multiplied by: all matrices with the head, without the embedding
   * look-up.
   */
  public long matrixParameterCount() {
    return layers * layerMatrices() + embeddingCount();
  }

  private long embeddingCount() {
    return (long) vocabularySize * hiddenSize;
  }

  /**
   * Floating-point operations of forward and backward pass for one token in sequences of {@code
   * time} positions: 6 per matrix weight, and causal attention as 6 x layers x heads x headDim x
   * time.
   */
  public double trainingFlopsPerToken(int time) {
    return 6.0 * matrixParameterCount() + 6.0 * layers * heads * headDim * time;
  }

  /**
   * How many positions of the context are used.
   *
   * @param wanted where it is absent, all
   * @param key of the configuration that says it, for messages
   * @throws ConfigException if that is more than the context
   */
  public int window(OptionalInt wanted, String key) {
    int window = wanted.orElse(contextLength);
    Check.that(
        window <= contextLength,
        key,
        "must be at most the model's %s, got %s",
        contextLength,
        window);
    return window;
  }

  /** In one line, with its size. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%d layers, hidden size %d, %d heads, %d kv heads, ffn size %d%s: %,d parameters",
        layers,
        hiddenSize,
        heads,
        kvHeads,
        ffnSize,
        tiedEmbeddings ? ", tied" : "",
        parameterCount());
  }
}
