package io.kanana.core.model;

/** What a model makes of its last hidden states. */
public enum ModelHead {
  /** Logits of the next token: a language model. */
  TOKENS,
  /**
   * One number for a whole text: a reward model. Its head {@code score.weight} [1, C] stands in
   * place of the language model's; an embedding that was the head stays the embedding.
   */
  SCORE;

  /** All weights of a model of this shape with such a head; a tied matrix once. */
  public long parameterCount(ModelConfig shape) {
    return switch (this) {
      case TOKENS -> shape.parameterCount();
      case SCORE ->
          shape.nonEmbeddingParameterCount() + (shape.vocabularySize() + 1L) * shape.hiddenSize();
    };
  }

  /**
   * Operations of forward and backward pass for one token in sequences of {@code time} positions.
   * Those of a score, of which a whole text has one, are left out.
   */
  public double trainingFlopsPerToken(ModelConfig shape, int time) {
    double all = shape.trainingFlopsPerToken(time);
    return switch (this) {
      case TOKENS -> all;
      case SCORE -> all - 6.0 * shape.vocabularySize() * shape.hiddenSize();
    };
  }
}
