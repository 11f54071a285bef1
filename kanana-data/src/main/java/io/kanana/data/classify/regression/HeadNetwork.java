package io.kanana.data.classify.regression;

import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A {@link RegressionHead} as a network of Deeplearning4j, which trains it. The network is built in
 * code and given its numbers, so nothing that a file says chooses a class.
 *
 * <p>It owns the network until it is closed. Not safe for use by several threads.
 */
public final class HeadNetwork implements AutoCloseable {
  private final TensorBackend backend;
  private final MultiLayerNetwork network;

  private HeadNetwork(TensorBackend backend, MultiLayerNetwork network) {
    this.backend = backend;
    this.network = network;
  }

  /**
   * The network of a head, with which it begins.
   *
   * @param learningRate of the steps of Adam that follow, if any
   * @param threads of ND4J, for the whole process
   * @throws io.kanana.core.error.BackendException if ND4J cannot run here
   */
  public static HeadNetwork of(RegressionHead head, double learningRate, int threads) {
    TensorBackend backend = startNd4j(threads);
    try {
      MultiLayerNetwork network = new MultiLayerNetwork(configuration(head, learningRate));
      network.init();
      for (int i = 0; i < head.layers().size(); i++) {
        write(head.layers().get(i), network, i);
      }
      return new HeadNetwork(backend, network);
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  /** Our back end starts ND4J with the settings that we need. */
  private static TensorBackend startNd4j(int threads) {
    CrashReportingUtil.crashDumpsEnabled(false); // it would leave files where kanana runs
    return TensorBackends.open("nd4j", threads);
  }

  /**
   * Says early whether a head can be trained here.
   *
   * @throws io.kanana.core.error.BackendException if ND4J cannot run here
   */
  static void check(int threads) {
    startNd4j(threads).close();
  }

  private static MultiLayerConfiguration configuration(RegressionHead head, double learningRate) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(0) // nothing is drawn, but the default would be the time
            .dataType(DataType.FLOAT)
            .weightInit(WeightInit.ZERO)
            .updater(new Adam(learningRate))
            .list();
    List<RegressionHead.Layer> layers = head.layers();
    for (RegressionHead.Layer layer : layers.subList(0, layers.size() - 1)) {
      list.layer(
          new DenseLayer.Builder()
              .nIn(layer.inputs())
              .nOut(layer.outputs())
              .activation(Activation.RELU)
              .build());
    }
    return list.layer(
            new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                .nIn(layers.getLast().inputs())
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build())
        .build();
  }

  /** Deeplearning4j's weights are [in, out], ours [out, in]. */
  private static void write(RegressionHead.Layer layer, MultiLayerNetwork network, int index) {
    long[] shape = {layer.outputs(), layer.inputs()};
    try (INDArray weights = Nd4j.create(layer.weights(), shape, 'c');
        INDArray biases = Nd4j.create(layer.biases(), new long[] {1, layer.outputs()}, 'c')) {
      network.getParam(weights(index)).assign(weights.transpose());
      network.getParam(biases(index)).assign(biases);
    }
  }

  private static String weights(int layer) {
    return layer + "_" + DefaultParamInitializer.WEIGHT_KEY;
  }

  private static String biases(int layer) {
    return layer + "_" + DefaultParamInitializer.BIAS_KEY;
  }

  /** The head with the network's numbers as they are now. */
  public RegressionHead head() {
    List<RegressionHead.Layer> layers = new ArrayList<>();
    for (int i = 0; i < network.getnLayers(); i++) {
      layers.add(
          new RegressionHead.Layer(
              values(network.getParam(weights(i)).transpose()),
              values(network.getParam(biases(i)))));
    }
    return new RegressionHead(layers);
  }

  private static float[] values(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asFloat();
    }
  }

  /**
   * One step of Adam.
   *
   * @param embeddings B of [C]
   * @param scores [B]
   * @return the mean squared error before the step
   */
  public double step(float[][] embeddings, float[] scores) {
    try (INDArray features = Nd4j.createFromArray(embeddings);
        INDArray labels = Nd4j.create(scores, new long[] {scores.length, 1}, 'c')) {
      network.fit(features, labels);
      return network.score();
    }
  }

  /**
   * What the network says.
   *
   * @param embeddings B of [C]
   * @return [B]
   */
  float[] scores(float[][] embeddings) {
    try (INDArray features = Nd4j.createFromArray(embeddings);
        INDArray scores = network.output(features)) {
      return values(scores);
    }
  }

  @Override
  public void close() {
    network.close();
    backend.close();
  }
}
