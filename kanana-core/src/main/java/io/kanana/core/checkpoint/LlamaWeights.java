package io.kanana.core.checkpoint;

import io.kanana.core.model.ModelConfig;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The published weights of the Llama family. */
public final class LlamaWeights {
  private LlamaWeights() {}

  /**
   * Names and shapes of a model's weights: embedding, layers in order, final norm, and the head
   * where it is not tied.
   */
  public static Stream<TensorSpec> specs(ModelConfig config, StoredType type) {
    long hidden = config.hiddenSize();
    long vocabulary = config.vocabularySize();
    Stream<TensorSpec> head =
        config.tiedEmbeddings()
            ? Stream.empty()
            : Stream.of(TensorSpec.of("lm_head.weight", type, vocabulary, hidden));
    return Stream.of(
            Stream.of(TensorSpec.of("model.embed_tokens.weight", type, vocabulary, hidden)),
            IntStream.range(0, config.layers()).boxed().flatMap(i -> layer(config, type, i)),
            Stream.of(TensorSpec.of("model.norm.weight", type, hidden)),
            head)
        .flatMap(specs -> specs);
  }

  private static Stream<TensorSpec> layer(ModelConfig config, StoredType type, int index) {
    String prefix = "model.layers." + index + ".";
    long hidden = config.hiddenSize();
    long ffn = config.ffnSize();
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    return Stream.of(
        TensorSpec.of(prefix + "input_layernorm.weight", type, hidden),
        TensorSpec.of(prefix + "self_attn.q_proj.weight", type, queries, hidden),
        TensorSpec.of(prefix + "self_attn.k_proj.weight", type, keys, hidden),
        TensorSpec.of(prefix + "self_attn.v_proj.weight", type, keys, hidden),
        TensorSpec.of(prefix + "self_attn.o_proj.weight", type, hidden, queries),
        TensorSpec.of(prefix + "post_attention_layernorm.weight", type, hidden),
        TensorSpec.of(prefix + "mlp.gate_proj.weight", type, ffn, hidden),
        TensorSpec.of(prefix + "mlp.up_proj.weight", type, ffn, hidden),
        TensorSpec.of(prefix + "mlp.down_proj.weight", type, hidden, ffn));
  }
}
