package io.kanana.core.model;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/** One pre-norm layer: x + attention(norm(x)), then x + swiGlu(norm(x)). */
final class DecoderLayer {
  private final ModelConfig config;
  private final int index;
  private final DType operands;
  private final Parameter attentionNorm;
  private final Parameter qkv;
  private final Parameter output;
  private final Parameter ffnNorm;
  private final Parameter gateUp;
  private final Parameter down;

  DecoderLayer(ModelConfig config, Precision precision, Weights weights, int index) {
    this.config = config;
    this.index = index;
    this.operands = precision.operands();
    String layer = "model.layers." + index + ".";
    int hidden = config.hiddenSize();
    int queries = config.heads() * config.headDim();
    int keys = config.kvHeads() * config.headDim();
    int ffn = config.ffnSize();
    attentionNorm = weights.norm(layer + "input_layernorm.weight", hidden);
    qkv =
        weights.matrix(
            true,
            List.of(
                new Part(layer + "self_attn.q_proj.weight", 0, queries),
                new Part(layer + "self_attn.k_proj.weight", queries, queries + keys),
                new Part(layer + "self_attn.v_proj.weight", queries + keys, queries + 2 * keys)),
            hidden);
    output =
        weights.matrix(
            true, List.of(new Part(layer + "self_attn.o_proj.weight", 0, hidden)), queries);
    ffnNorm = weights.norm(layer + "post_attention_layernorm.weight", hidden);
    gateUp =
        weights.matrix(
            true,
            List.of(
                new Part(layer + "mlp.gate_proj.weight", 0, ffn),
                new Part(layer + "mlp.up_proj.weight", ffn, 2 * ffn)),
            hidden);
    down = weights.matrix(true, List.of(new Part(layer + "mlp.down_proj.weight", 0, hidden)), ffn);
  }

  /** The layer over whole sequences: [N, C] to [N, C]. */
  Variable forward(
      Tape tape, Variable x, TokenInput input, Tensor ropeTable, LayerObserver observer) {
    AttentionShape shape = shape(input.batch(), input.time());
    return forward(
        tape,
        x,
        projection ->
            tape.attention(
                shape, projection, input.positions(), input.starts(), ropeTable, operands),
        observer);
  }

  /** The layer over the new positions of cached sequences. */
  Variable forward(Tape tape, Variable x, CachedStep step, Tensor ropeTable) {
    AttentionShape shape = shape(step.cache().batch(), step.time());
    return forward(
        tape,
        x,
        projection -> step.attend(tape, shape, projection, index, ropeTable),
        LayerObserver.NONE);
  }

  private AttentionShape shape(int batch, int time) {
    return new AttentionShape(batch, time, config.heads(), config.kvHeads(), config.headDim());
  }

  private Variable forward(
      Tape tape, Variable x, Function<Variable, Variable> attention, LayerObserver observer) {
    observer.observe(tape, index, Site.INPUT, x);
    Variable read = tape.rmsNorm(x, attentionNorm, config.normEpsilon(), operands);
    observer.observe(tape, index, Site.ATTENTION_NORM, read);
    Variable heads = attention.apply(tape.linear(read, qkv));
    observer.observe(tape, index, Site.HEADS, heads);
    Variable attended = tape.linear(heads, output, x);
    Variable out = gatedUnit(tape, attended, observer);
    observer.observe(tape, index, Site.OUTPUT, out);
    return out;
  }

  private Variable gatedUnit(Tape tape, Variable x, LayerObserver observer) {
    Variable read = tape.rmsNorm(x, ffnNorm, config.normEpsilon(), operands);
    observer.observe(tape, index, Site.FFN_NORM, read);
    Variable gates = tape.linear(read, gateUp);
    observer.observe(tape, index, Site.GATE_UP, gates);
    Variable neurons = tape.swiGlu(gates, operands);
    observer.observe(tape, index, Site.NEURONS, neurons);
    return tape.linear(neurons, down, x);
  }
}
