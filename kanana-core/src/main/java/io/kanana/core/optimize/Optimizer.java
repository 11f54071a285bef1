package io.kanana.core.optimize;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.List;
import java.util.Map;

/**
 * Updates the parameters it was made for from their gradients. Not safe for use by several threads.
 *
 * <p>{@link #state} and {@link #updates} are all there is to it: an optimizer with the same of both
 * continues bit for bit.
 */
public interface Optimizer extends AutoCloseable {
  /** An optimizer's settings. */
  interface Config {
    /**
     * The same settings, with what they leave to a law of scale found by it.
     *
     * @param compute of the whole run, in FLOPs as {@link DeepSeekLaw} counts them
     */
    default Config at(double compute) {
      return this;
    }

    /**
     * An optimizer of these parameters, which have gradients, with a memory of zeros. The caller
     * closes it.
     */
    Optimizer create(TensorBackend backend, List<Parameter> parameters);
  }

  /**
   * One update.
   *
   * @param rateFactor the schedule's factor of this step, applied to the peak rate
   * @param gradientScale what every gradient is multiplied by first: the factor of clipping
   */
  void update(double rateFactor, double gradientScale);

  /** The learning rate of an update with this factor, for reports. */
  double learningRate(double rateFactor);

  /** Updates made so far. */
  long updates();

  /**
   * Continues after {@code updates} updates, once the tensors of {@link #state} have been read
   * back.
   */
  void restore(long updates);

  /**
   * The tensors that make up its memory by their names in {@code optimizer.safetensors}; they
   * belong to the optimizer.
   */
  Map<String, Tensor> state();

  @Override
  void close();
}
