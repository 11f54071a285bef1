package io.kanana.data.classify.regression;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A head that makes a score of an embedding: layers, each a product and a bias, with ReLU between
 * them, the last of one output. Without hidden layers it is the linear output of FineWeb-Edu's
 * (Penedo et al., arXiv 2406.17557, section 4), without the encoder's pooling layer. Immutable, so
 * safe for use by several threads.
 */
public final class RegressionHead {
  /**
   * One layer.
   *
   * @param weights [out, in], row-major; never changed
   * @param biases [out]; never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Layer(float[] weights, float[] biases) {
    Layer {
      if (biases.length == 0 || weights.length % biases.length != 0) {
        throw new IllegalArgumentException(
            weights.length + " weights are no rows for " + biases.length + " outputs");
      }
    }

    int inputs() {
      return weights.length / biases.length;
    }

    int outputs() {
      return biases.length;
    }

    /** W x + b: [out] for [in]. */
    double[] apply(double[] x) {
      double[] out = new double[outputs()];
      for (int row = 0; row < out.length; row++) {
        out[row] = biases[row];
        for (int column = 0; column < x.length; column++) {
          out[row] += (double) weights[row * x.length + column] * x[column];
        }
      }
      return out;
    }
  }

  private final List<Layer> layers;

  /**
   * @param layers each with as many inputs as the one before has outputs, the last with one output
   */
  RegressionHead(List<Layer> layers) {
    this.layers = List.copyOf(layers);
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException("layer " + i + " does not fit the one before");
      }
    }
    if (layers.getLast().outputs() != 1) {
      throw new IllegalArgumentException("a head has one output");
    }
  }

  /**
   * A head to begin training with, which says {@code bias} whatever it is given: the last layer's
   * weights are zero. Those of hidden layers are normal with variance 2 / inputs (He et al., arXiv
   * 1502.01852, equation 10), their biases zero.
   *
   * @param width of the embeddings
   * @param hidden the sizes of the hidden layers
   * @param bias what it says: the mean of the scores
   */
  static RegressionHead initial(int width, List<Integer> hidden, double bias, RandomKey key) {
    List<Layer> layers = new ArrayList<>();
    int inputs = width;
    for (int outputs : hidden) {
      float[] weights = new float[Math.multiplyExact(inputs, outputs)];
      key.child(layers.size()).fillGaussian(weights, 0, Math.sqrt(2.0 / inputs));
      layers.add(new Layer(weights, new float[outputs]));
      inputs = outputs;
    }
    layers.add(new Layer(new float[inputs], new float[] {(float) bias}));
    return new RegressionHead(layers);
  }

  /** The layers, from the embedding to the score. */
  List<Layer> layers() {
    return layers;
  }

  /** C, the length of the embeddings that it takes. */
  public int width() {
    return layers.getFirst().inputs();
  }

  /** The sizes of the hidden layers; none where the score is linear in the embedding. */
  public List<Integer> hidden() {
    return layers.subList(0, layers.size() - 1).stream().map(Layer::outputs).toList();
  }

  /**
   * The score of an embedding, in the unit of the scores that the head was trained on; not clamped.
   *
   * @param embedding [C]
   */
  public double score(float[] embedding) {
    if (embedding.length != width()) {
      throw new IllegalArgumentException(
          "an embedding of " + embedding.length + " numbers for a head of " + width());
    }
    double[] x = new double[embedding.length];
    for (int c = 0; c < x.length; c++) {
      x[c] = embedding[c];
    }
    for (Layer layer : layers.subList(0, layers.size() - 1)) {
      x = rectified(layer.apply(x));
    }
    return layers.getLast().apply(x)[0];
  }

  private static double[] rectified(double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.max(0, x[i]);
    }
    return x;
  }
}
