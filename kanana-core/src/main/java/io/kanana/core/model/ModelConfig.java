package io.kanana.core.model;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.List;

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
    List<Problem> problems = new ArrayList<>();
    positive(problems, "layers", layers);
    positive(problems, "hidden-size", hiddenSize);
    positive(problems, "heads", heads);
    positive(problems, "kv-heads", kvHeads);
    positive(problems, "head-dim", headDim);
    positive(problems, "ffn-size", ffnSize);
    positive(problems, "vocabulary-size", vocabularySize);
    positive(problems, "context-length", contextLength);
    if (kvHeads > 0 && heads % kvHeads != 0) {
      String message = "must divide heads (%d), got %d".formatted(heads, kvHeads);
      problems.add(new Problem("kv-heads", message));
    }
    if (headDim % 2 != 0) {
      problems.add(new Problem("head-dim", "must be even, got " + headDim));
    }
    if (!(normEpsilon > 0)) {
      problems.add(new Problem("norm-epsilon", "must be > 0, got " + normEpsilon));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static void positive(List<Problem> problems, String name, int value) {
    if (value < 1) {
      problems.add(new Problem(name, "must be at least 1, got " + value));
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
}
