package io.kanana.data.classify.regression;

import io.kanana.core.error.NumericalException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import java.util.Locale;

/**
 * Trains a regression head on embeddings. It begins with the mean of the scores, and the documents
 * come in a new order in each epoch. The same seed, data and number of threads give the same bits
 * on the same machine. For one thread.
 */
final class HeadTrainer {
  /** Is told how training goes. */
  interface Listener {
    /**
     * @param epoch from 1
     * @param loss the mean squared error over the epoch, while it was trained on
     */
    void epoch(int epoch, double loss);
  }

  private final HeadOptions options;
  private final RandomKey key;
  private final int threads;
  private final Cancellation cancellation;

  HeadTrainer(HeadOptions options, RandomKey key, int threads, Cancellation cancellation) {
    this.options = options;
    this.key = key;
    this.threads = threads;
    this.cancellation = cancellation;
  }

  /**
   * @param data at least one document
   * @throws Stopped if it was asked to stop
   * @throws NumericalException if the loss or a weight is not finite
   */
  RegressionHead train(ScoredEmbeddings data, Listener listener) {
    int width = data.embedding(0).length;
    RegressionHead initial =
        RegressionHead.initial(
            width, options.hidden(), data.meanScore(), key.child("first weights"));
    try (HeadNetwork network = HeadNetwork.of(initial, options.learningRate(), threads)) {
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        double loss = epoch(network, data, epoch);
        check(epoch, loss);
        listener.epoch(epoch, loss);
      }
      return finite(network.head());
    }
  }

  /** The last step's loss is that before it. */
  private RegressionHead finite(RegressionHead head) {
    for (RegressionHead.Layer layer : head.layers()) {
      for (float weight : layer.weights()) {
        if (!Float.isFinite(weight)) {
          throw diverged("a weight", weight, options.epochs());
        }
      }
    }
    return head;
  }

  private double epoch(HeadNetwork network, ScoredEmbeddings data, int epoch) {
    KeyedPermutation order = new KeyedPermutation(key.child("order").child(epoch), data.size());
    double sum = 0;
    for (int from = 0; from < data.size(); from += options.batch()) {
      if (cancellation.requested()) {
        throw new Stopped();
      }
      int to = Math.min(data.size(), from + options.batch());
      sum += step(network, data, order, from, to) * (to - from);
    }
    return sum / data.size();
  }

  private static double step(
      HeadNetwork network, ScoredEmbeddings data, KeyedPermutation order, int from, int to) {
    float[][] embeddings = new float[to - from][];
    float[] scores = new float[to - from];
    for (int i = from; i < to; i++) {
      int document = (int) order.at(i);
      embeddings[i - from] = data.embedding(document);
      scores[i - from] = (float) data.score(document);
    }
    return network.step(embeddings, scores);
  }

  private void check(int epoch, double loss) {
    if (!Double.isFinite(loss)) {
      throw diverged("the loss", loss, epoch);
    }
  }

  private NumericalException diverged(String what, double value, int epoch) {
    return new NumericalException(
        String.format(
            Locale.ROOT,
            "%s of the regression head is %s in epoch %d; it must be finite: take a smaller"
                + " head.learning-rate than %s",
            what,
            value,
            epoch,
            options.learningRate()));
  }
}
