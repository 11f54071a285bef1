package io.kanana.core.autograd;

import io.kanana.core.tensor.Tensor;
import java.util.function.Consumer;

/**
 * A value on a {@link Tape} and, while the tape runs backward, the gradient that has arrived for it
 * so far.
 */
public final class Variable {
  private final Tensor value;
  private Tensor gradient;
  private Consumer<Tensor> watcher = complete -> {};

  Variable(Tensor value) {
    this.value = value;
  }

  public Tensor value() {
    return value;
  }

  Tensor gradient() {
    return gradient;
  }

  void gradient(Tensor arrived) {
    gradient = arrived;
  }

  void watch(Consumer<Tensor> look) {
    watcher = watcher.andThen(look);
  }

  void show(Tensor complete) {
    watcher.accept(complete);
  }

  /** Hands the gradient over to the caller, who now owns it. */
  Tensor takeGradient() {
    Tensor taken = gradient;
    gradient = null;
    return taken;
  }
}
