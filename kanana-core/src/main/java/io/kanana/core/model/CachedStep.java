package io.kanana.core.model;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Tensor;

/** New positions of the sequences of a cache: [B, T] tokens that follow what the cache holds. */
record CachedStep(KvCache cache, int time, Tensor tokens, Tensor positions, Tensor lengths) {
  Variable attend(
      Tape tape, AttentionShape shape, Variable projection, int layer, Tensor ropeTable) {
    Tensor qkv = projection.value();
    tape.kernels().rope(qkv, shape.heads() + shape.kvHeads(), positions, ropeTable, false, qkv);
    Tensor out = tape.scope().allocate(DType.F32, shape.tokens(), shape.outputWidth());
    tape.kernels()
        .cachedAttention(shape, qkv, cache.keys(layer), cache.values(layer), lengths, out);
    return tape.constant(out);
  }
}
