package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.column;

import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Linear heads with their losses, a chunk of rows at a time. */
final class Nd4jHeads {
  private final TensorBackend backend;

  Nd4jHeads(TensorBackend backend) {
    this.backend = backend;
  }

  void crossEntropy(
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      double scale,
      double zLoss,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray dLogits =
                chunk.crossEntropy(chunk.logits(h, w), targets, scale, zLoss, sums, 0);
            if (dHidden != null) {
              chunk.backward(dLogits, h, w, dHidden, dWeight);
            }
          });
    }
  }

  void logProbabilities(
      Tensor hidden, Tensor weight, Tensor targets, Tensor out, Tensor logSumExp) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray logs = chunk.logits(h, w);
            column(chunk.ofColumn(logSumExp)).assign(chunk.logSoftmax(logs));
            INDArray own = chunk.rowDots(logs, chunk.oneHot(targets), logs);
            column(chunk.ofColumn(out)).assign(own);
          });
    }
  }

  /** dLogits = dOut (1 at the target - p). */
  void logProbabilitiesBackward(
      Tensor dOut,
      Tensor hidden,
      Tensor weight,
      Tensor targets,
      Tensor logSumExp,
      Tensor dHidden,
      Tensor dWeight) {
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray p = chunk.logits(h, w);
            Ops.subtract(p, column(chunk.ofColumn(logSumExp)), p);
            Ops.exp(p);
            INDArray slopes = chunk.oneHot(targets);
            Ops.subtract(slopes, p, slopes);
            INDArray upstream = chunk.counted(targets);
            Ops.multiply(upstream, column(chunk.ofColumn(dOut)), upstream);
            Ops.multiply(slopes, upstream, slopes);
            chunk.backward(slopes, h, w, dHidden, dWeight);
          });
    }
  }
}
