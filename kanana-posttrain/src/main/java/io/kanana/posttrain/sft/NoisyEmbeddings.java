package io.kanana.posttrain.sft;

import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.List;

/**
 * NEFTune (Jain et al., arXiv 2310.05914, algorithm 1): while a model is trained, every element of
 * its token embeddings is moved by noise, uniform in +-alpha / sqrt(L C) with L tokens in a text
 * and C channels. In packed rows L is that of each text, as in the paper; TRL takes the row's.
 *
 * <p>The noise of a sequence follows from the key and its index alone, so steps are the same
 * however they are cut and wherever a run was resumed.
 */
final class NoisyEmbeddings implements TrainingObjective {
  private final NextToken inner;
  private final double alpha;
  private final RandomKey key;

  /**
   * @param alpha above 0; the paper tries 5, 10 and 15
   */
  NoisyEmbeddings(NextToken inner, double alpha, RandomKey key) {
    this.inner = inner;
    this.alpha = alpha;
    this.key = key;
  }

  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    TensorBackend backend = forward.model().backend();
    Scope scope = forward.tape().scope();
    int channels = forward.model().config().hiddenSize();
    Tensor noise = scope.allocate(DType.F32, batch.tokens().length, channels);
    backend.write(noise(batch, forward.firstSequence(), channels), noise);
    inner.accumulate(forward, batch, input.withNoise(noise), scale, sums);
  }

  /** [N, C]. */
  float[] noise(TokenBatch batch, long firstSequence, int channels) {
    float[] noise = new float[batch.tokens().length * channels];
    int time = batch.contextLength();
    for (int row = 0; row < batch.rows(); row++) {
      RandomKey own = key.child(firstSequence + row);
      for (int start = 0; start < time; ) {
        int end = end(batch.documentStarts(), row * time, start, time);
        double bound = alpha / Math.sqrt((double) (end - start) * channels);
        for (int i = start * channels; i < end * channels; i++) {
          noise[row * time * channels + i] = (float) ((2 * own.uniform(i) - 1) * bound);
        }
        start = end;
      }
    }
    return noise;
  }

  /** Where the text that begins at a position of a row ends. */
  private static int end(int[] starts, int row, int start, int time) {
    int end = start + 1;
    while (end < time && starts[row + end] == start) {
      end++;
    }
    return end;
  }

  @Override
  public List<String> terms() {
    return inner.terms();
  }

  @Override
  public double loss(double[] sums, long targets) {
    return inner.loss(sums, targets);
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return inner.flopsPerToken(model, time);
  }
}
